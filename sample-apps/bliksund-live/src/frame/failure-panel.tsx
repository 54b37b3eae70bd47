import { LocalAlert } from '@navikt/ds-react/LocalAlert'
import type { Failure } from '../smart/failure.ts'
import { failureWords } from '../smart/failure-words.ts'

export function FailurePanel({ failure }: { readonly failure: Failure }) {
  const words = failureWords(failure)
  return (
    <LocalAlert status={words.tone} size="small" className="failure" data-failure={failure.kind}>
      <LocalAlert.Header>
        <LocalAlert.Title as="h2">{words.title}</LocalAlert.Title>
      </LocalAlert.Header>
      <LocalAlert.Content>
        {words.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </LocalAlert.Content>
    </LocalAlert>
  )
}
