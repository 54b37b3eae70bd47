import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { Answer } from '@uthopp/policy/answer'
import type { Ask } from '@uthopp/policy/decision-point'
import type { CaseFacts, FactSource } from '@uthopp/policy/facts'
import type { Question } from '@uthopp/policy/question'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { expandScopes, nameOfMember } from '@uthopp/smart-core/scope/letters'
import type { RequireScope } from '#src/clients/scoped-caller.ts'
import { circumstanceOf, subjectOf } from '#src/policy/asker.ts'
import { letterQuestion } from '#src/policy/letter-question.ts'
import { SERVED_TYPES } from '#src/policy/served-types.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { AskBooks } from './ask-books.ts'
import type { BookAnswers, BookProblem } from './book-task.ts'
import { parseWhatIf, type WhatIf } from './what-if-question.ts'

const LARGEST_BODY = 256 * 1024
const MOST_QUESTIONS = 500

export type WhatIfDeps = {
  readonly tenant: string
  readonly requireScope: RequireScope
  readonly clients: ClientStore
  readonly facts: FactSource
  readonly rules: string
  readonly askBooks: AskBooks
  readonly write: (records: readonly AuditRecord[]) => Promise<void>
  readonly now: () => Date
}

type Named = { readonly name: string; readonly ask: Ask }

/** The launch, each letter of the scopes, and reading one ordinary thing of each type that could be read. */
function questionsOf(wish: WhatIf, scopes: string): readonly (readonly [string, Question])[] {
  const members = expandScopes(scopes.split(' ').filter(Boolean), SERVED_TYPES).flatMap((scope) => scope.members)
  const letters = new Map(members.map((member) => [nameOfMember(member), letterQuestion(member)]))
  const types = new Set(
    members.flatMap((one) => (one.kind === 'letter' && one.letter === 'r' ? [one.resourceType] : [])),
  )
  const resource = { id: 'what-if', patient: wish.patient, labels: wish.labels, units: [], authors: [] }
  return [
    ['launch', { action: 'launch', app: wish.clientId }],
    ...letters,
    ...[...types]
      .filter((type) => type !== 'Patient' || wish.patient !== null)
      .map((type): readonly [string, Question] => {
        const id = type === 'Patient' && wish.patient !== null ? wish.patient : resource.id
        return [`read ${type}`, { action: 'read', resource: { ...resource, type, id } }]
      }),
  ]
}

/** Single letters held, as a gateway would read them off a token with all of these scopes. */
const grantsIn = (questions: readonly (readonly [string, Question])[]): readonly string[] =>
  questions.flatMap(([, question]) =>
    question.action === 'grantScope' && 'type' in question.scope
      ? [`${question.scope.type}.${question.scope.letter}`]
      : [],
  )

async function asksOf(deps: WhatIfDeps, ctx: AppContext, wish: WhatIf): Promise<readonly Named[]> {
  const client = await deps.clients.find(wish.clientId)
  if (client === undefined) return refuse(400, 'invalid_request', '`client_id` is not an app of this trust')
  const asker = { ...wish, tenant: deps.tenant, kind: 'clinician' } as const
  const questions = questionsOf(wish, wish.scope ?? client.scope)
  if (questions.length > MOST_QUESTIONS) return refuse(400, 'invalid_request', '`scope` asks for too much at once')
  const circumstance = {
    ...circumstanceOf(asker, client, ctx.state.trace, false),
    grants: grantsIn(questions),
  }
  return questions.map(([name, question]) => ({ name, ask: { subject: subjectOf(asker), circumstance, question } }))
}

/** What the host knows of the case now; policy is asked as if it were still so at another time. */
const factsOf = (deps: WhatIfDeps, ctx: AppContext, { user, role, patient }: WhatIf): Promise<CaseFacts> =>
  deps.facts
    .read(
      { tenant: deps.tenant, user, role, patients: patient === null ? [] : [patient] },
      { traceparent: ctx.state.trace.traceparent },
    )
    .catch((cause: unknown) => refuse(503, 'temporarily_unavailable', 'the host does not say what it knows', { cause }))

const formatAnswer = ({ effect, reasonCode, reasonText, rules, validUntil, requestable }: Answer) => ({
  effect,
  reason_code: reasonCode,
  reason_text: reasonText,
  rules,
  ...(validUntil === null ? {} : { valid_until: validUntil.toISOString() }),
  ...(requestable === null ? {} : { requestable }),
})

const formatBook = (book: BookAnswers | BookProblem, asks: readonly Named[]) =>
  'problem' in book
    ? book
    : {
        version: book.version,
        answers: asks.flatMap(({ name }, at) => {
          const answer = book.answers[at]
          return answer === undefined ? [] : [{ name, ...formatAnswer(answer) }]
        }),
      }

const formatFacts = ({ person, patients }: CaseFacts) => ({ person, patients: [...patients.values()] })

/** What the host knows of a patient and a person is told here, so it stands in the patient's log like any other look (norway.md §5.3). */
const askingOf = (
  { tenant, now }: WhatIfDeps,
  { state }: AppContext,
  asker: string,
  { user, role, patient }: WhatIf,
): AuditRecord =>
  newRecord({
    tenant,
    at: now(),
    activity: 'policy-asked',
    actor: { kind: 'client', id: asker, role: null },
    clientId: asker,
    patient,
    correlationId: state.trace.traceId,
    source: 'auth-server',
    detail: { for: 'what-if', user, ...(role === null ? {} : { role }) },
  })

/** `POST <issuer>/pdp/what-if`: what would be decided for this person, role, app, patient, purpose and time, by one or two books. */
export const whatIf =
  (deps: WhatIfDeps) =>
  async (ctx: AppContext): Promise<void> => {
    const { client } = await deps.requireScope(ctx, ['__pdp.search'])
    const wish = accept(parseWhatIf(await readJson(ctx, { limit: LARGEST_BODY })))
    const asks = await asksOf(deps, ctx, wish)
    const at = wish.at ?? deps.now()
    const facts = await factsOf(deps, ctx, wish)
    await deps.write([askingOf(deps, ctx, client.clientId, wish)])
    const { serving, candidate } = await deps.askBooks({
      kind: 'what-if',
      folder: deps.rules,
      change: wish.change,
      facts: { ...facts, at },
      asks: asks.map(({ ask }) => ask),
      at,
    })
    ctx.set('cache-control', 'no-store')
    ctx.body = {
      at: at.toISOString(),
      facts: formatFacts(facts),
      serving: formatBook(serving, asks),
      ...(candidate === null ? {} : { candidate: formatBook(candidate, asks) }),
    }
  }

/** `GET <issuer>/pdp/rules`: the rule book that serves, to be changed for a what-if. */
export const listRules =
  (deps: Pick<WhatIfDeps, 'requireScope' | 'rules' | 'askBooks'>) =>
  async (ctx: AppContext): Promise<void> => {
    await deps.requireScope(ctx, ['__pdp.search'])
    const { book } = await deps.askBooks({ kind: 'rules', folder: deps.rules })
    ctx.body = 'problem' in book ? book : { version: book.version, rules: Object.fromEntries(book.rules) }
  }
