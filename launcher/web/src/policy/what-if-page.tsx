import { Alert, Button, Loader } from '@navikt/ds-react'
import { useEffect, useState } from 'react'
import { ApiProblem, askWhatIf, fetchRules } from '../api/client.ts'
import type { Rules, WhatIfAnswer } from '../api/decisions.ts'
import { choose, startingComposition, unitNameIn, type World } from '../api/world.ts'
import { AnswerTable } from './answer-table.tsx'
import { CandidateEditor } from './candidate-editor.tsx'
import { CaseForm } from './case-form.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { type Case, type Change, formatCase, readCase, whatIfBody } from './what-if.ts'

type Outcome =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered'; readonly answer: WhatIfAnswer }
  | { readonly kind: 'refused'; readonly reason: string }

/** The trust's own defaults, as the composer takes them. */
function startingCase(world: World): Case {
  const tenant = world.trusts[0]?.tenant ?? ''
  const { clientId, user, role, patient } = startingComposition(world, world.apps[0]?.client_id ?? '', tenant)
  return { tenant, clientId, user, role, patient, purpose: 'TREAT', acr: '3', at: '' }
}

/** A change, and what follows from it: a person brings their own roles, a trust its own people. */
function fitting(world: World, asked: Case, change: Partial<Case>): Case {
  const { clientId, user, role, patient, tenant } = choose(world, { ...asked, encounter: '', intent: '' }, change)
  return { ...asked, ...change, clientId, user, role, patient, tenant }
}

const reasonOf = (error: unknown): string =>
  error instanceof ApiProblem ? error.message : 'the launcher does not answer'

/** What would be decided for a case nobody has, by the book that serves and by one that might. */
export function WhatIfPage({ world }: { readonly world: World }) {
  const [asked, setAsked] = useState(() => fitting(world, readCase(window.location.search, startingCase(world)), {}))
  const [change, setChange] = useState<Change>({})
  const [rules, setRules] = useState<Rules | string>()
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' })
  const { tenant } = asked

  useEffect(() => {
    let over = false
    fetchRules(tenant).then(
      (told) => over || setRules(told),
      (error: unknown) => over || setRules(reasonOf(error)),
    )
    return () => {
      over = true
    }
  }, [tenant])

  const edit = (next: Partial<Case>) => {
    const edited = fitting(world, asked, next)
    setAsked(edited)
    window.history.replaceState(null, '', formatCase(edited))
  }
  const ask = async () => {
    setOutcome({ kind: 'waiting' })
    try {
      setOutcome({ kind: 'answered', answer: await askWhatIf(whatIfBody(asked, change)) })
    } catch (error) {
      setOutcome({ kind: 'refused', reason: reasonOf(error) })
    }
  }

  return (
    <main className="page page-what-if">
      <div>
        <section className="panel" aria-labelledby="case">
          <h2 id="case">What if</h2>
          <CaseForm world={world} asked={asked} onChange={edit} />
          <div className="actions actions-below">
            <Button size="small" loading={outcome.kind === 'waiting'} onClick={() => void ask()}>
              {Object.keys(change).length === 0 ? 'Decide' : 'Decide with both books'}
            </Button>
          </div>
        </section>
        <section className="panel" aria-labelledby="candidate">
          <h2 id="candidate">Candidate rule book</h2>
          {rules === undefined && <Loader title="Loading the rules" />}
          {typeof rules === 'string' && (
            <Alert size="small" variant="warning">
              {rules}
            </Alert>
          )}
          {typeof rules === 'object' && <CandidateEditor rules={rules} change={change} onChange={setChange} />}
        </section>
      </div>
      <div>
        <section className="panel" aria-labelledby="answers" aria-live="polite">
          <h2 id="answers">Decisions</h2>
          {outcome.kind === 'idle' && <p>Choose a case and let it be decided. Nothing is granted by asking.</p>}
          {outcome.kind === 'waiting' && <Loader title="Asking the rule books" />}
          {outcome.kind === 'refused' && <Alert variant="error">{outcome.reason}</Alert>}
          {outcome.kind === 'answered' && <AnswerTable answer={outcome.answer} unitName={unitNameIn(world)} />}
        </section>
        <ReplayPanel tenant={tenant} change={change} />
      </div>
    </main>
  )
}
