import { LocalAlert } from '@navikt/ds-react/LocalAlert'
import type { ClosedNotice } from '../smart/closed-notice.ts'

type ClosedPanelProps = { readonly notice: ClosedNotice; readonly onAgain: () => void }

/** Everything that is missing, said once and first. */
export function ClosedPanel({ notice, onAgain }: ClosedPanelProps) {
  return (
    <LocalAlert status={notice.tone} size="small" className="failure">
      <LocalAlert.Header>
        <LocalAlert.Title as="h2">{notice.title}</LocalAlert.Title>
      </LocalAlert.Header>
      <LocalAlert.Content>
        {notice.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {notice.again && (
          <button type="button" className="again" onClick={onAgain}>
            Prøv igjen
          </button>
        )}
      </LocalAlert.Content>
    </LocalAlert>
  )
}
