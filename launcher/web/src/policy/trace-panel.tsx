import { Alert, Table, Tag } from '@navikt/ds-react'
import { useEffect, useState } from 'react'
import { ApiProblem, fetchTrace } from '../api/client.ts'
import { ScopeText } from './scope-text.tsx'
import { type Step, stepsOf } from './trace.ts'

const FIRST_MS = 1000
const EVERY_MS = 2000
/** As long as somebody looks at a launch that has just begun. */
const MOST_LOOKS = 60

type Seen =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'failed'; readonly reason: string }

/** What a launch has come to so far: asked, granted, and what was withheld by which rule. */
export function TracePanel({ tenant, correlationId }: { readonly tenant: string; readonly correlationId: string }) {
  const [seen, setSeen] = useState<Seen>({ kind: 'waiting' })

  useEffect(() => {
    let looks = 0
    let over = false
    const look = async () => {
      looks += 1
      try {
        const steps = stepsOf(await fetchTrace(tenant, correlationId))
        if (over) return
        if (steps.length > 0) setSeen({ kind: 'steps', steps })
      } catch (error) {
        if (over) return
        setSeen({
          kind: 'failed',
          reason: error instanceof ApiProblem ? error.message : 'the launcher does not answer',
        })
      }
      if (looks < MOST_LOOKS) timer = setTimeout(() => void look(), EVERY_MS)
    }
    // A record is on its way for a moment before anybody can read it.
    let timer = setTimeout(() => void look(), FIRST_MS)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [tenant, correlationId])

  return (
    <section className="trace" aria-labelledby={`trace-${correlationId}`}>
      <h3 id={`trace-${correlationId}`}>What came of it</h3>
      <p className="address">correlation id {correlationId}</p>
      {seen.kind === 'waiting' && <p>Waiting for the first record …</p>}
      {seen.kind === 'failed' && (
        <Alert size="small" variant="warning">
          {seen.reason}
        </Alert>
      )}
      {seen.kind === 'steps' && (
        <ol className="steps">
          {seen.steps.map((step) => (
            <li key={step.key}>
              <TraceStep step={step} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

/** What would have been enough: each by itself, by the rules as they are. */
function Remedies({ texts }: { readonly texts: readonly string[] }) {
  return texts.length === 0 ? null : <div className="remedies">Enough would be: {texts.join('; or ')}.</div>
}

const timeOf = (at: string): string => new Date(at).toLocaleTimeString('en-GB')

function TraceStep({ step }: { readonly step: Step }) {
  return (
    <>
      <div className="step-title">
        <span>
          {step.title}
          {step.times > 1 && ` × ${step.times}`}
        </span>
        <Tag size="xsmall" variant={step.outcome === 'ok' ? 'success' : 'error'}>
          {step.outcome}
        </Tag>
        {step.watched && (
          <Tag size="xsmall" variant="warning">
            watched, not enforced
          </Tag>
        )}
        <span className="address">{timeOf(step.at)}</span>
      </div>
      {step.why !== '' && <div>{step.why}</div>}
      <Remedies texts={step.remedies} />
      {step.asked.length > 0 && (
        <dl className="scopes-asked">
          <dt>asked</dt>
          <dd>
            <ScopeText text={step.asked.join(' ')} />
          </dd>
          <dt>{step.watched ? 'policy would grant' : 'granted'}</dt>
          <dd>
            <ScopeText text={step.granted.join(' ') || 'nothing'} />
          </dd>
        </dl>
      )}
      {step.withheld.length > 0 && (
        <Table size="small" className="withheld">
          <Table.Header>
            <Table.Row>
              <Table.HeaderCell scope="col">Withheld</Table.HeaderCell>
              <Table.HeaderCell scope="col">Why</Table.HeaderCell>
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {step.withheld.map(({ scope, letters, code, sentence, remedies }) => (
              <Table.Row key={`${scope} ${code} ${letters.join('')}`}>
                <Table.DataCell>
                  <ScopeText text={scope} />
                </Table.DataCell>
                <Table.DataCell>
                  {letters.length > 0 && <strong>{letters.join(', ')}: </strong>}
                  {sentence} <span className="address">{code}</span>
                  <Remedies texts={remedies} />
                </Table.DataCell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      )}
      {step.letters.length > 0 && (
        <details>
          <summary>Every letter and its rules</summary>
          <Table size="small">
            <Table.Body>
              {step.letters.map(({ name, effect, code, rules }) => (
                <Table.Row key={name}>
                  <Table.DataCell>
                    <ScopeText text={name} />
                  </Table.DataCell>
                  <Table.DataCell>
                    {effect} <ScopeText text={code} />
                  </Table.DataCell>
                  <Table.DataCell>
                    <ScopeText text={rules} />
                  </Table.DataCell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table>
        </details>
      )}
    </>
  )
}
