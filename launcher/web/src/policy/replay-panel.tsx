import { Alert, Button, Table, Tag, TextField } from '@navikt/ds-react'
import { useState } from 'react'
import { ApiProblem, replayDecisions } from '../api/client.ts'
import type { Replay } from '../api/decisions.ts'
import type { Change } from './what-if.ts'

type Outcome =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'replayed'; readonly replay: Replay }
  | { readonly kind: 'refused'; readonly reason: string }

/** The last decisions of the log, put to the candidate: whose access would change? */
export function ReplayPanel({ tenant, change }: { readonly tenant: string; readonly change: Change }) {
  const [last, setLast] = useState('200')
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' })
  const replay = async () => {
    setOutcome({ kind: 'waiting' })
    try {
      const rules = Object.keys(change).length === 0 ? {} : { rules: change }
      setOutcome({ kind: 'replayed', replay: await replayDecisions({ tenant, last: Number(last), ...rules }) })
    } catch (error) {
      setOutcome({
        kind: 'refused',
        reason: error instanceof ApiProblem ? error.message : 'the launcher does not answer',
      })
    }
  }
  return (
    <section className="panel" aria-labelledby="replay">
      <h2 id="replay">Replay the log</h2>
      <div className="actions actions-end">
        <TextField
          size="small"
          type="number"
          min={1}
          max={1000}
          label="Last decisions"
          value={last}
          onChange={(event) => setLast(event.target.value)}
        />
        <Button size="small" variant="secondary" loading={outcome.kind === 'waiting'} onClick={() => void replay()}>
          {Object.keys(change).length === 0 ? 'Replay against the serving book' : 'Replay against the candidate'}
        </Button>
      </div>
      <div aria-live="polite">
        {outcome.kind === 'refused' && (
          <Alert size="small" variant="error">
            {outcome.reason}
          </Alert>
        )}
        {outcome.kind === 'replayed' && <Changes replay={outcome.replay} />}
      </div>
    </section>
  )
}

function Changes({ replay }: { readonly replay: Replay }) {
  const { decisions, not_replayable: skipped, changed } = replay
  return (
    <>
      <p>
        {decisions} decisions;{' '}
        {changed.length === 0 ? 'no answer would change' : `${changed.length} answers would change`}
        {skipped > 0 && `; ${skipped} never became a case`}.
      </p>
      {changed.length > 0 && (
        <Table size="small">
          <Table.Header>
            <Table.Row>
              <Table.HeaderCell scope="col">When</Table.HeaderCell>
              <Table.HeaderCell scope="col">Who, app, patient</Table.HeaderCell>
              <Table.HeaderCell scope="col">About</Table.HeaderCell>
              <Table.HeaderCell scope="col">Was</Table.HeaderCell>
              <Table.HeaderCell scope="col">Would be</Table.HeaderCell>
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {changed.map((one) => (
              <Table.Row key={one.record}>
                <Table.DataCell>{new Date(one.at).toLocaleString('en-GB')}</Table.DataCell>
                <Table.DataCell className="address">
                  {[one.actor.id, one.actor.role, one.client_id, one.patient].filter(Boolean).join(' · ')}
                </Table.DataCell>
                <Table.DataCell className="address">{one.about}</Table.DataCell>
                <Table.DataCell>
                  <Effect effect={one.was.effect} rules={one.was.rules} />
                </Table.DataCell>
                <Table.DataCell>
                  <Effect effect={one.would_be.effect} rules={one.would_be.rules} />
                </Table.DataCell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      )}
    </>
  )
}

function Effect({ effect, rules }: { readonly effect: string; readonly rules: readonly string[] }) {
  return (
    <>
      <Tag size="xsmall" variant={effect === 'permit' ? 'success' : 'error'}>
        {effect}
      </Tag>
      <div className="address">{rules.join(' ')}</div>
    </>
  )
}
