import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { AuditRepository } from '@uthopp/audit/repository'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { perPatient } from '#src/audit/per-patient.ts'
import { type Differences, safeEntries, wholeEntry } from './explanation.ts'
import type { Inquirer } from './who-asks.ts'

/** One page of the log. A click makes a dozen records, a launch that is polled all day some thousands. */
const PAGE = 200
/** How many pages one explanation is made of; what lies behind them is said to be there. */
const MOST_PAGES = 10
/** Looking for what would have turned a denial asks the rules some forty times. */
const MOST_DIFFERENCES = 20

/** A W3C trace id. */
const CORRELATION_ID = /^[0-9a-f]{32}$/

export type ExplainDeps = {
  readonly tenant: string
  readonly whoAsks: (ctx: AppContext) => Promise<Inquirer>
  readonly log: Pick<AuditRepository, 'search'>
  readonly write: (records: readonly AuditRecord[]) => Promise<void>
  readonly differences: Differences
  readonly now: () => Date
}

const isOwn = ({ clientId, user }: Extract<Inquirer, { kind: 'app' }>, { clientId: whose, actor }: AuditRecord) =>
  whose === clientId && (user === null || actor.id === user)

/** Somebody else's request is as unknown as one that never was. */
const unknown = (): never => refuse(404, 'not_found', 'there is no request of yours under this correlation id')

type Read = { readonly records: readonly AuditRecord[]; readonly more: boolean }

async function readAll(
  log: ExplainDeps['log'],
  about: { readonly correlationId: string } | { readonly launchId: string },
) {
  const records: AuditRecord[] = []
  let after: Awaited<ReturnType<AuditRepository['search']>>['next']
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await log.search({
      ...about,
      newestFirst: false,
      count: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    records.push(...found.records)
    after = found.next
    if (after === undefined) break
  }
  return { records, more: after !== undefined }
}

/** Everything under this correlation id, and everything else of the launches it began: the click of a host is the first of many requests. */
async function recordsAbout({ log }: ExplainDeps, correlationId: string): Promise<Read> {
  const own = await readAll(log, { correlationId })
  const found = new Map(own.records.map((record) => [record.id, record] as const))
  let { more } = own
  for (const { activity, launchId } of own.records) {
    if (activity !== 'launch-offered' || launchId === null) continue
    const later = await readAll(log, { launchId })
    for (const record of later.records) found.set(record.id, record)
    more ||= later.more
  }
  return { records: [...found.values()].toSorted((one, other) => one.at.getTime() - other.at.getTime()), more }
}

/** For the first denials of an explanation; for those behind them it is said that nobody looked. */
function bounded(differences: Differences): Differences {
  let left = MOST_DIFFERENCES
  return async (policy) => {
    left -= 1
    return left < 0 ? null : differences(policy)
  }
}

/** `GET <issuer>/explain/<correlation id>`: why a request was answered as it was, to those it concerns. */
export const explain =
  (deps: ExplainDeps) =>
  async (ctx: AppContext, correlationId: string): Promise<void> => {
    const inquirer = await deps.whoAsks(ctx)
    if (!CORRELATION_ID.test(correlationId)) return unknown()
    const { records, more } = await recordsAbout(deps, correlationId)
    const seen = inquirer.kind === 'reader' ? records : records.filter((record) => isOwn(inquirer, record))
    if (seen.length === 0) return unknown()
    ctx.set('cache-control', 'no-store')
    if (inquirer.kind === 'app') {
      ctx.body = { correlation_id: correlationId, entries: safeEntries(seen) }
      return
    }
    await deps.write(readingOf(deps, ctx, inquirer, correlationId, seen))
    const differences = bounded(deps.differences)
    const entries = await Promise.all(seen.map((record) => wholeEntry(record, differences)))
    // Said where the log has more of this than an explanation takes.
    ctx.body = { correlation_id: correlationId, entries, ...(more ? { more } : {}) }
  }

/** Who looks into the log stands in the log of everybody it told about. */
const readingOf = (
  { tenant, now }: ExplainDeps,
  { state }: AppContext,
  { clientId }: Inquirer,
  about: string,
  told: readonly AuditRecord[],
): readonly AuditRecord[] =>
  perPatient(told).map(({ patient, count }) =>
    newRecord({
      tenant,
      at: now(),
      activity: 'explanation-read',
      actor: { kind: 'client', id: clientId, role: null },
      clientId,
      patient,
      correlationId: state.trace.traceId,
      source: 'auth-server',
      detail: { about, count },
    }),
  )
