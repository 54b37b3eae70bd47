import type { LaunchBackChannel } from '@uthopp/server-kit/launch-back-channel'
import type { Log } from '@uthopp/server-kit/log'
import { parseTraceparent, type Trace } from '@uthopp/server-kit/trace'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'

/** A single launch is named by its handle, which storage may not hold; its tab and session end it in any case. */
export type LaunchEnding = { readonly scope: 'session' | 'workspace'; readonly value: string }

/** When something was done, and in the course of which request: a delayed ending still belongs to the click that caused it. */
export type Moment = { readonly now: Date; readonly trace: Trace }

/**
 * Tells the authorization server which launches are over, and does not forget one it could not tell.
 *
 * Signing out must work while the authorization server is away, and must still end every launch: the ending is written
 * down first, tried at once, and tried again by the timer and with the next request anybody makes.
 */
export type LaunchEndings = {
  readonly end: (trace: Trace, ending: LaunchEnding) => Promise<void>
  /** Tells what `writeEnding` has written down already. */
  readonly tell: (trace: Trace, endings: readonly LaunchEnding[]) => Promise<void>
  /** Ends one launch now or not at all. */
  readonly endOne: (trace: Trace, handle: string) => Promise<void>
  readonly retry: (trace: Trace) => Promise<void>
}

type Row = LaunchEnding & { readonly traceparent: string | null }

const RETRY_AFTER_MS = 5000

/** Writes an ending down; on the transaction that ends its session, so that neither is there without the other. */
export async function writeEnding(
  db: Database,
  tenant: Tenant,
  { scope, value }: LaunchEnding,
  { now, trace }: Moment,
): Promise<void> {
  await db.run(sql`insert into host_launch_ending (tenant, scope, value, asked_at, traceparent)
    values (${tenant}, ${scope}, ${value}, ${now.getTime()}, ${trace.traceparent}) on conflict do nothing`)
}

export function createLaunchEndings(deps: {
  readonly db: Database
  readonly tenant: Tenant
  readonly channel: Pick<LaunchBackChannel, 'end'>
  readonly log: Log
  readonly now: () => Date
}): LaunchEndings {
  const { db, tenant, channel, log, now } = deps
  let triedAt = 0

  const notTold = (trace: Trace, reason: string, error: unknown) =>
    log.error('launch-ending-not-told', { error, tenant, reason, correlationId: trace.traceId })

  const tellOne = async (trace: Trace, { scope, value }: LaunchEnding): Promise<boolean> => {
    try {
      await channel.end(trace, { session: undefined, workspace: undefined, launch: undefined, [scope]: value })
      await db.run(
        sql`delete from host_launch_ending where tenant = ${tenant} and scope = ${scope} and value = ${value}`,
      )
      return true
    } catch (error) {
      notTold(trace, scope, error)
      return false
    }
  }
  const tell: LaunchEndings['tell'] = async (trace, endings) => {
    for (const ending of endings) if (!(await tellOne(trace, ending))) return
  }
  return {
    tell,
    async end(trace, ending) {
      await writeEnding(db, tenant, ending, { now: now(), trace })
      await tell(trace, [ending])
    },
    async endOne(trace, handle) {
      try {
        await channel.end(trace, { session: undefined, workspace: undefined, launch: handle })
      } catch (error) {
        notTold(trace, 'launch', error)
      }
    },
    async retry(trace) {
      const at = now().getTime()
      if (at - triedAt < RETRY_AFTER_MS) return
      triedAt = at
      const waiting = await db.all<Row>(sql`select scope, value, traceparent from host_launch_ending
        where tenant = ${tenant} and asked_at < ${at - RETRY_AFTER_MS} order by asked_at limit 20`)
      for (const row of waiting) {
        if (!(await tellOne(parseTraceparent(row.traceparent ?? undefined) ?? trace, row))) return
      }
    },
  }
}
