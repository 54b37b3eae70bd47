import { Alert, Button, CopyButton } from '@navikt/ds-react'
import { useState } from 'react'
import { ApiProblem, offerLaunch, type OfferedLaunch } from '../api/client.ts'
import { launchBody, type Composition } from '../api/world.ts'
import { TracePanel } from '../policy/trace-panel.tsx'

type Outcome =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'link'; readonly offered: OfferedLaunch }
  | { readonly kind: 'opened'; readonly offered: OfferedLaunch }
  | { readonly kind: 'refused'; readonly reason: string; readonly correlationId: string | undefined }

/** A launch that was refused is explained as well as one that happened. */
function tracedBy(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'opened':
    case 'link':
      return outcome.offered.correlationId
    case 'refused':
      return outcome.correlationId
    default:
      return undefined
  }
}

/** Offers the launch and either opens it or hands out its one-use address. */
export function StartLaunch({ composition }: { readonly composition: Composition }) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' })

  const offer = async (then: (offered: OfferedLaunch) => Outcome) => {
    setOutcome({ kind: 'waiting' })
    try {
      setOutcome(then(await offerLaunch(launchBody(composition))))
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('the launcher does not answer', undefined)
      setOutcome({ kind: 'refused', reason: problem.message, correlationId: problem.correlationId })
    }
  }
  const open = () =>
    offer((offered) => {
      window.open(offered.start_url, '_blank', 'noopener')
      return { kind: 'opened', offered }
    })

  const traced = tracedBy(outcome)

  return (
    <div className="fields">
      <div className="actions">
        <Button size="small" loading={outcome.kind === 'waiting'} onClick={() => void open()}>
          Open
        </Button>
        <Button size="small" variant="secondary" onClick={() => void offer((offered) => ({ kind: 'link', offered }))}>
          Make a launch link
        </Button>
      </div>
      <div aria-live="polite">
        {outcome.kind === 'opened' && (
          <Alert size="small" variant="success">
            Opened in a new tab. Open again makes a new launch; a handle is spent once.
          </Alert>
        )}
        {outcome.kind === 'link' && (
          <Alert size="small" variant="info">
            One use, within 60 seconds:
            <div className="address" data-testid="launch-link">
              <a href={outcome.offered.start_url} target="_blank" rel="noreferrer">
                {outcome.offered.start_url}
              </a>
            </div>
            <CopyButton size="xsmall" copyText={outcome.offered.start_url} text="Copy" />
          </Alert>
        )}
        {outcome.kind === 'refused' && (
          <Alert size="small" variant="error">
            {outcome.reason}
            {outcome.correlationId !== undefined && (
              <div className="address">correlation id {outcome.correlationId}</div>
            )}
          </Alert>
        )}
      </div>
      {traced !== undefined && <TracePanel key={traced} tenant={composition.tenant} correlationId={traced} />}
    </div>
  )
}
