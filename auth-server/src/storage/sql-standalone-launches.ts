import type { AuthorizedLaunch } from '@uthopp/smart-core/launch'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { StandaloneLaunchStore } from './standalone-launches.ts'

type KeptRow = {
  readonly grant_id: string
  readonly client_id: string
  readonly authorized: string
  readonly authorized_at: number
}

/** Written by `authorize` from exactly this type. */
const launchIn = ({ authorized }: { readonly authorized: string }): AuthorizedLaunch =>
  JSON.parse(authorized) as AuthorizedLaunch

export function createStandaloneLaunchStore(db: Database, tenant: Tenant): StandaloneLaunchStore {
  return {
    // The interaction is the key: two answers to one interaction lead to one grant, whoever races whom.
    async authorize({ interaction, authorized, keepUntil, now }) {
      const { context, grantId } = authorized
      const rows = await db.run(sql`insert into standalone_launch
          (tenant, interaction, client_id, user_id, grant_id, authorized, authorized_at, keep_until)
        values (${tenant}, ${interaction}, ${context.clientId}, ${context.user}, ${grantId},
          ${JSON.stringify(authorized)}, ${now.getTime()}, ${keepUntil.getTime()})
        on conflict (tenant, interaction) do nothing`)
      return rows === 1
    },
    async findByGrant(grantId) {
      const row = await db.first<{ authorized: string }>(
        sql`select authorized from standalone_launch where tenant = ${tenant} and grant_id = ${grantId}`,
      )
      return row && launchIn(row)
    },
    async ofUser(user, now) {
      const rows =
        await db.all<KeptRow>(sql`select l.grant_id, l.client_id, l.authorized, l.authorized_at from standalone_launch l
        where l.tenant = ${tenant} and l.user_id = ${user} and l.keep_until > ${now.getTime()}
          and exists (select 1 from oidc o where o.tenant = ${tenant} and o.model = 'Grant' and o.id_hash = l.grant_id)
        order by l.authorized_at desc`)
      return rows.map((row) => ({
        grantId: row.grant_id,
        clientId: row.client_id,
        granted: launchIn(row).granted,
        authorizedAt: new Date(row.authorized_at),
      }))
    },
  }
}
