import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { AuditRepository } from '@uthopp/audit/repository'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { integer, type MemberReader, readMembers } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { isProblem, problem } from '@uthopp/smart-core/problem'
import { perPatient } from '#src/audit/per-patient.ts'
import type { RequireScope } from '#src/clients/scoped-caller.ts'
import type { AskBooks } from './ask-books.ts'
import type { BookChange } from './book-task.ts'
import { parseChange } from './what-if-question.ts'

const LARGEST_BODY = 256 * 1024
const MOST_DECISIONS = 1000
const PAGE = 500
/** Records without a decision lie between those with one; this many pages are looked through. */
const MOST_PAGES = 10

export type ReplayDeps = {
  readonly tenant: string
  readonly requireReader: RequireScope
  readonly log: Pick<AuditRepository, 'search'>
  readonly write: (records: readonly AuditRecord[]) => Promise<void>
  readonly rules: string
  readonly askBooks: AskBooks
  readonly now: () => Date
}

type Policy = NonNullable<AuditRecord['policy']>
type Decided = AuditRecord & { readonly policy: Policy }

const wished: MemberReader<{ readonly change: BookChange }> = (value, name) => {
  const change = parseChange(value, name)
  return isProblem(change) ? change : { change }
}
const last: MemberReader<number> = (value, name) => {
  const count = integer(value, name)
  return typeof count === 'number' && (count < 1 || count > MOST_DECISIONS)
    ? problem(name, `\`${name}\` must be from 1 to ${MOST_DECISIONS}`)
    : count
}

async function lastDecisions({ log }: ReplayDeps, wanted: number): Promise<readonly Decided[]> {
  const found: Decided[] = []
  let after: Awaited<ReturnType<AuditRepository['search']>>['next']
  for (let page = 0; page < MOST_PAGES && found.length < wanted; page += 1) {
    const { records, next } = await log.search({
      newestFirst: true,
      count: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    for (const record of records) if (record.policy !== null) found.push({ ...record, policy: record.policy })
    if (next === undefined) break
    after = next
  }
  return found.slice(0, wanted)
}

/** What the decision was about, in the words of its trace. */
const matterOf = ({ trace }: Policy): string =>
  typeof trace === 'object' && trace !== null && 'resource' in trace && typeof trace.resource === 'string'
    ? trace.resource
    : ''

/** `POST <issuer>/explain/replay`: puts the last decisions of the log to another rule book and lists the answers that would change. */
export const replay =
  (deps: ReplayDeps) =>
  async (ctx: AppContext): Promise<void> => {
    const { client } = await deps.requireReader(ctx, ['__audit.read'])
    const shape = { required: { last }, optional: { rules: wished } }
    const wish = accept(readMembers(await readJson(ctx, { limit: LARGEST_BODY }), shape))
    const decisions = await lastDecisions(deps, wish.last)
    const { book } = await deps.askBooks({
      kind: 'replay',
      folder: deps.rules,
      change: wish.rules?.change ?? null,
      traces: decisions.map(({ policy }) => policy.trace),
    })
    if ('problem' in book) return refuse(400, 'invalid_request', `the rule book cannot be asked: ${book.problem}`)
    const answer = compared(decisions, book.verdicts)
    await deps.write(readingOf(deps, ctx, client.clientId, answer))
    ctx.set('cache-control', 'no-store')
    ctx.body = { version: book.version, ...answer }
  }

/** Only what would change is told one by one, so only whom that is about was read about. */
const readingOf = (
  { tenant, now }: ReplayDeps,
  { state }: AppContext,
  clientId: string,
  { decisions, changed }: ReturnType<typeof compared>,
): readonly AuditRecord[] =>
  perPatient(changed).map(({ patient, count }) =>
    newRecord({
      tenant,
      at: now(),
      activity: 'log-read',
      actor: { kind: 'client', id: clientId, role: null },
      clientId,
      patient,
      correlationId: state.trace.traceId,
      source: 'auth-server',
      detail: { for: 'replay', decisions, count },
    }),
  )

type Verdicts = readonly ({ readonly effect: 'permit' | 'deny'; readonly rules: readonly string[] } | null)[]

function compared(decisions: readonly Decided[], verdicts: Verdicts) {
  const pairs = decisions.map((decision, at) => ({ decision, verdict: verdicts[at] ?? null }))
  return {
    decisions: decisions.length,
    not_replayable: pairs.filter(({ verdict }) => verdict === null).length,
    changed: pairs.flatMap(({ decision, verdict }) =>
      verdict === null || verdict.effect === decision.policy.effect ? [] : [changedOf(decision, verdict)],
    ),
  }
}

const changedOf = (
  { id, at, activity, actor, clientId, patient, correlationId, policy }: Decided,
  { effect, rules }: NonNullable<Verdicts[number]>,
) => ({
  record: id,
  at: at.toISOString(),
  activity,
  actor,
  client_id: clientId,
  patient,
  correlation_id: correlationId,
  about: matterOf(policy),
  was: { effect: policy.effect, reason_code: policy.reasonCode, rules: policy.rules, version: policy.version },
  would_be: { effect, rules },
})
