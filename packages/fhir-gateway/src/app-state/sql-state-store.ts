import { randomUUID } from 'node:crypto'
import type { Database } from '@uthopp/storage/database'
import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Drawer, StatePlace, StateStore, StoredState } from './state-store.ts'

export const STATE_MIGRATIONS: readonly Migration[] = [
  {
    id: '002-app-state',
    up: [
      sql`create table app_state (
        tenant text not null, client_id text not null, id text not null, holder text not null, system text not null,
        code text not null, subject text not null, version bigint not null, updated_at bigint not null,
        content text not null, primary key (tenant, client_id, id)
      )`,
      sql`create unique index app_state_place on app_state (tenant, client_id, holder, system, code, subject)`,
    ],
  },
]

/** As many states, of 256 kB at most, may one app keep about one holder. */
export const MOST_ABOUT_ONE_HOLDER = 100

type Row = {
  readonly id: string
  readonly version: number
  readonly updated_at: number
  readonly content: string
}

const stateOf = (row: Row): StoredState => ({
  id: row.id,
  version: row.version,
  updatedAt: new Date(row.updated_at),
  content: row.content,
})

const inDrawer = ({ system, code, holder }: Drawer) =>
  sql`(system = ${system} and (code = ${code} or ${code} = '') and holder = ${holder})`
const atPlace = ({ system, code, holder, subject }: StatePlace) =>
  sql`system = ${system} and code = ${code} and holder = ${holder} and subject = ${subject}`

export function createStateStore(db: Database, tenant: Tenant): StateStore {
  const find: StateStore['find'] = async (clientId, place) => {
    const row = await db.first<Row>(sql`select id, version, updated_at, content from app_state
      where tenant = ${tenant} and client_id = ${clientId} and ${atPlace(place)}`)
    return row && stateOf(row)
  }
  return {
    find,
    async create(clientId, { place, content, now }) {
      const id = randomUUID()
      const at = now.getTime()
      const changed = await db.run(sql`
        insert into app_state (tenant, client_id, id, holder, system, code, subject, version, updated_at, content)
        select ${tenant}, ${clientId}, ${id}, ${place.holder}, ${place.system}, ${place.code}, ${place.subject},
          1, cast(${at} as bigint), ${content}
        where (select count(*) from app_state
          where tenant = ${tenant} and client_id = ${clientId} and holder = ${place.holder}) < ${MOST_ABOUT_ONE_HOLDER}
        on conflict do nothing`)
      if (changed === 1) return { id, version: 1, updatedAt: now, content }
      return (await find(clientId, place)) === undefined ? 'full' : 'exists'
    },
    async update(clientId, id, version, { place, content, now }) {
      const row = await db.first<Row>(sql`
        update app_state set version = version + 1, updated_at = ${now.getTime()}, content = ${content}
        where tenant = ${tenant} and client_id = ${clientId} and id = ${id} and version = ${version}
          and ${atPlace(place)}
        returning id, version, updated_at, content`)
      return row && stateOf(row)
    },
    async remove(clientId, id, version, drawers) {
      if (drawers.length === 0) return false
      const mine = sql.join(
        drawers.map((drawer) => inDrawer(drawer)),
        ' or ',
      )
      const changed = await db.run(sql`delete from app_state
        where tenant = ${tenant} and client_id = ${clientId} and id = ${id} and version = ${version} and (${mine})`)
      return changed === 1
    },
  }
}
