import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { AuditRepository } from '@uthopp/audit/repository'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { type Differences, safeEntry, wholeEntry } from './explanation.ts'
import type { Inquirer } from './who-asks.ts'

/** A click makes a dozen records; whatever has more than this is no click. */
const MOST_RECORDS = 200
/** What a person and an app did from that click on; a launch is over before they have done more. */
const MOST_LATER = 500

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

/** Everything under this correlation id, and everything else of the launches it began: the click of a host is the first of many requests. */
async function recordsAbout({ log }: ExplainDeps, correlationId: string): Promise<readonly AuditRecord[]> {
  const { records } = await log.search({ correlationId, newestFirst: false, count: MOST_RECORDS })
  const found = new Map(records.map((record) => [record.id, record] as const))
  for (const { activity, launchId, actor, clientId, at } of records) {
    if (activity !== 'launch-offered' || launchId === null) continue
    for (const who of [actor.id, clientId]) {
      if (who === null) continue
      const later = await log.search({ actor: who, from: at, newestFirst: false, count: MOST_LATER })
      for (const record of later.records) if (record.launchId === launchId) found.set(record.id, record)
    }
  }
  return [...found.values()].toSorted((one, other) => one.at.getTime() - other.at.getTime())
}

/** `GET <issuer>/explain/<correlation id>`: why a request was answered as it was, to those it concerns. */
export const explain =
  (deps: ExplainDeps) =>
  async (ctx: AppContext, correlationId: string): Promise<void> => {
    const inquirer = await deps.whoAsks(ctx)
    if (!CORRELATION_ID.test(correlationId)) return unknown()
    const records = await recordsAbout(deps, correlationId)
    const seen = inquirer.kind === 'reader' ? records : records.filter((record) => isOwn(inquirer, record))
    if (seen.length === 0) return unknown()
    if (inquirer.kind === 'reader') await deps.write([readingOf(deps, ctx, inquirer, correlationId)])
    ctx.set('cache-control', 'no-store')
    ctx.body = {
      correlation_id: correlationId,
      entries:
        inquirer.kind === 'reader'
          ? await Promise.all(seen.map((record) => wholeEntry(record, deps.differences)))
          : seen.map(safeEntry),
    }
  }

/** Who looks into the log stands in the log. */
const readingOf = (
  { tenant, now }: ExplainDeps,
  { state }: AppContext,
  { clientId }: Inquirer,
  about: string,
): AuditRecord =>
  newRecord({
    tenant,
    at: now(),
    activity: 'explanation-read',
    actor: { kind: 'client', id: clientId, role: null },
    clientId,
    correlationId: state.trace.traceId,
    source: 'auth-server',
    detail: { about },
  })
