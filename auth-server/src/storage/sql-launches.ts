import type { AuthorizedLaunch, LaunchId, LaunchTicket } from '@uthopp/smart-core/launch'
import type { Database } from '@uthopp/storage/database'
import { type Sql, sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Revoked } from '#src/revocations/revocations.ts'
import { recordRevocations } from '#src/revocations/sql-revocations.ts'
import type { EndedLaunch, EndScope, LaunchStore, OfferedLaunch, TellEnded } from './launches.ts'

/** How long a launch that came to nothing, or has ended, stays readable for the audit of attempts on it. */
const AFTERLIFE_MS = 10 * 60_000

/** Only launch ids were ever written into that column. */
const launchIdOf = (row: { readonly launch_id: string }): LaunchId => row.launch_id as LaunchId

type EndedRow = { readonly launch_id: string; readonly client_id: string; readonly grant_id: string | null }
type CheckedRow = { readonly sealed_handle: string; readonly launch_uri: string; readonly client_id: string }
type RedeemedRow = {
  readonly launch_id: string
  readonly host_id: string
  readonly intent: string
  readonly offered_at: number
  readonly expires_at: number
}

function inScope(scope: EndScope): Sql<'none'> {
  switch (scope.kind) {
    case 'session':
      return sql`session = ${scope.session}`
    case 'workspace':
      return sql`workspace = ${scope.workspace}`
    case 'launch':
      return sql`handle_hash = ${scope.handleHash}`
  }
}

export function createLaunchStore(db: Database, tenant: Tenant): LaunchStore {
  return {
    async offer(launch, inside) {
      const { intent, host, offeredAt } = launch.ticket
      const { session, workspace, patient } = intent
      // A launch without a patient is about none, and leaves the tab's patient as it is.
      if (workspace === null || patient === null) {
        await db.run(insertion(tenant, launch))
        return []
      }
      return db.transaction(async (tx) => {
        await tx.run(insertion(tenant, launch))
        const open = await tx.all<{ launch_id: string; intent: string }>(sql`select launch_id, intent from launch
          where tenant = ${tenant} and host_id = ${host} and session = ${session} and workspace = ${workspace}
            and ended_at is null`)
        const others = open.filter((row) => {
          const { patient: theirs } = JSON.parse(row.intent) as LaunchTicket['intent'] // written by `insertion` from exactly this type
          return theirs !== null && theirs !== patient
        })
        if (others.length === 0) return []
        const ids = others.map(({ launch_id: id }) => id)
        return endWhere(tx, tenant, host, sql`launch_id in (${sql.list(ids)})`, offeredAt, inside)
      })
    },

    async findStart(startHash, now) {
      const row = await db.first<{ launch_id: string; host_id: string }>(sql`select launch_id, host_id from launch
        where tenant = ${tenant} and start_hash = ${startHash} and started_at is null and ended_at is null
          and start_expires_at > ${now.getTime()}`)
      return row && { launchId: launchIdOf(row), hostId: row.host_id }
    },

    async start({ startHash, proofHash, sealedHandle, now }) {
      const rows = await db.run(sql`update launch
        set started_at = ${now.getTime()}, proof_hash = ${proofHash}, sealed_handle = ${sealedHandle}
        where tenant = ${tenant} and start_hash = ${startHash} and started_at is null and ended_at is null
          and start_expires_at > ${now.getTime()}`)
      return rows === 1
    },

    async check({ launchId, proofHash, now }) {
      const [row] = await db.all<CheckedRow>(sql`update launch set checked_at = ${now.getTime()}
        where tenant = ${tenant} and launch_id = ${launchId} and proof_hash = ${proofHash} and checked_at is null
          and ended_at is null and expires_at > ${now.getTime()}
        returning sealed_handle, launch_uri, client_id`)
      return row && { sealedHandle: row.sealed_handle, launchUri: row.launch_uri, clientId: row.client_id }
    },

    async findHost(launchId, now) {
      const row = await db.first<{ host_id: string }>(sql`select host_id from launch
        where tenant = ${tenant} and launch_id = ${launchId} and started_at is not null and expires_at > ${now.getTime()}`)
      return row?.host_id
    },

    async findByHandle(handleHash, now) {
      const row = await db.first<{ launch_id: string; bound: number; awaited: number }>(sql`select launch_id, bound,
          case when checked_at is not null and redeemed_at is null and ended_at is null and expires_at > ${now.getTime()}
            then 1 else 0 end as awaited
        from launch where tenant = ${tenant} and handle_hash = ${handleHash}`)
      return row && { launchId: launchIdOf(row), bound: row.bound === 1, awaited: row.awaited === 1 }
    },

    // INVARIANT: tenant, handle, proof, client and expiry stand in this one statement. Taking any of them out of it
    // lets a second browser, another app or a second redemption through.
    async redeem({ handleHash, proofHash, clientId, now }) {
      const [row] = await db.all<RedeemedRow>(sql`update launch set redeemed_at = ${now.getTime()}, sealed_handle = null
        where tenant = ${tenant} and handle_hash = ${handleHash} and client_id = ${clientId}
          and redeemed_at is null and ended_at is null and expires_at > ${now.getTime()}
          and (bound = 0 or (checked_at is not null and proof_hash = ${proofHash ?? ''}))
        returning launch_id, host_id, intent, offered_at, expires_at`)
      return (
        row && {
          stage: 'ticket',
          launchId: launchIdOf(row),
          tenant,
          host: row.host_id,
          intent: JSON.parse(row.intent) as LaunchTicket['intent'], // written by `offer` from exactly this type
          offeredAt: new Date(row.offered_at),
          expiresAt: new Date(row.expires_at),
        }
      )
    },

    async giveBack(launchId, now) {
      const rows = await db.run(sql`update launch set redeemed_at = null
        where tenant = ${tenant} and launch_id = ${launchId} and redeemed_at is not null
          and grant_id is null and ended_at is null and expires_at > ${now.getTime()}`)
      return rows === 1
    },

    // `end` updates the same row, so either the grant is there for it to kill or the grant is refused here.
    async authorize({ launchId, authorized, keepUntil, now }) {
      const rows = await db.run(sql`update launch
        set grant_id = ${authorized.grantId}, authorized = ${JSON.stringify(authorized)}, keep_until = ${keepUntil.getTime()}
        where tenant = ${tenant} and launch_id = ${launchId} and redeemed_at <= ${now.getTime()}
          and grant_id is null and ended_at is null`)
      return rows === 1
    },

    async findByGrant(grantId) {
      const row = await db.first<{ authorized: string }>(
        sql`select authorized from launch where tenant = ${tenant} and grant_id = ${grantId}`,
      )
      return row && (JSON.parse(row.authorized) as AuthorizedLaunch) // written by `authorize` from exactly this type
    },

    end: (hostId, scope, now, inside) =>
      db.transaction((tx) => endWhere(tx, tenant, hostId, inScope(scope), now, inside)),
  }
}

function insertion(tenant: Tenant, { ticket, launchUri, handleHash, binding }: OfferedLaunch) {
  const { intent } = ticket
  const bound = binding.kind === 'bound'
  const expiresAt = ticket.expiresAt.getTime()
  return sql`insert into launch (tenant, launch_id, host_id, client_id, launch_uri, intent, session, workspace, bound,
      start_hash, start_expires_at, handle_hash, offered_at, expires_at, keep_until)
    values (${tenant}, ${ticket.launchId}, ${ticket.host}, ${intent.clientId}, ${launchUri}, ${JSON.stringify(intent)},
      ${intent.session}, ${intent.workspace}, ${bound ? 1 : 0}, ${bound ? binding.startHash : null},
      ${bound ? binding.startExpiresAt.getTime() : null}, ${handleHash}, ${ticket.offeredAt.getTime()}, ${expiresAt},
      ${expiresAt + AFTERLIFE_MS})`
}

async function endWhere(
  tx: Database,
  tenant: Tenant,
  hostId: string,
  condition: Sql<'none'>,
  now: Date,
  inside: TellEnded | undefined,
): Promise<readonly EndedLaunch[]> {
  const rows = await tx.all<EndedRow>(sql`update launch set ended_at = ${now.getTime()}, sealed_handle = null,
      keep_until = ${now.getTime() + AFTERLIFE_MS}
    where tenant = ${tenant} and host_id = ${hostId} and ended_at is null and ${condition}
    returning launch_id, client_id, grant_id`)
  for (const { grant_id: grantId } of rows) {
    if (grantId !== null) await tx.run(sql`delete from oidc where tenant = ${tenant} and grant_id = ${grantId}`)
  }
  const revoked = rows.flatMap(({ launch_id: launchId, grant_id: grantId }): Revoked[] => [
    { kind: 'launch', id: launchId },
    ...(grantId === null ? [] : [{ kind: 'grant', id: grantId } as const]),
  ])
  const ended = rows.map((row) => ({
    launchId: row.launch_id,
    clientId: row.client_id,
    grantId: row.grant_id ?? undefined,
  }))
  await inside?.(tx, ended)
  await recordRevocations(tx, tenant, revoked, now)
  return ended
}
