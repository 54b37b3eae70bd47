import { Alert, Button } from '@navikt/ds-react'
import type { Refused } from '../api/client.ts'
import { formatRefusal } from '../format/refusals.ts'

type Props = {
  readonly refused: Pick<Refused, 'code' | 'correlation'>
  readonly onAgain?: () => void
  readonly onClose?: () => void
}

/** A refusal in words, with the reference support needs to find it in the log. */
export function RefusalNotice({ refused, onAgain, onClose }: Props) {
  return (
    <div className="refusal">
      <Alert variant="warning" size="small">
        {formatRefusal(refused)}
        {refused.correlation !== null && <span className="refusal__reference">Referanse: {refused.correlation}</span>}
      </Alert>
      <div className="refusal__ways">
        {onAgain && (
          <Button size="small" variant="secondary" onClick={onAgain}>
            Prøv igjen
          </Button>
        )}
        {onClose && (
          <Button size="small" variant="tertiary" onClick={onClose}>
            Lukk
          </Button>
        )}
      </div>
    </div>
  )
}
