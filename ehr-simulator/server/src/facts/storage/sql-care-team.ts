import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { recordChanges } from './sql-changes.ts'
import type { Tell } from './tell.ts'

/** Who is in which patient's care team. */
export interface CareTeamStore {
  /** Those of the patients whose team the person is in. */
  patientsOf(user: string, patients: readonly string[]): Promise<ReadonlySet<string>>
  membersOf(patient: string): Promise<readonly string[]>
  join(patient: string, user: string, tell?: Tell): Promise<void>
  leave(patient: string, user: string, tell?: Tell): Promise<void>
}

export async function writeMember(inside: Database, tenant: Tenant, patient: string, user: string): Promise<number> {
  const kept = await inside.run(sql`insert into care_team_member (tenant, patient, user_id)
    values (${tenant}, ${patient}, ${user}) on conflict do nothing`)
  if (kept > 0) await recordChanges(inside, tenant, [{ kind: 'patient', id: patient }])
  return kept
}

export function createCareTeamStore(db: Database, tenant: Tenant): CareTeamStore {
  return {
    async patientsOf(user, patients) {
      const rows = await db.all<{ patient: string }>(sql`select patient from care_team_member
        where tenant = ${tenant} and user_id = ${user} and patient in (${sql.list(patients)})`)
      return new Set(rows.map(({ patient }) => patient))
    },
    async membersOf(patient) {
      const rows = await db.all<{ user_id: string }>(sql`select user_id from care_team_member
        where tenant = ${tenant} and patient = ${patient} order by user_id`)
      return rows.map(({ user_id: user }) => user)
    },
    async join(patient, user, tell) {
      await db.transaction(async (inside) => {
        if ((await writeMember(inside, tenant, patient, user)) > 0) await tell?.(inside)
      })
    },
    async leave(patient, user, tell) {
      await db.transaction(async (inside) => {
        const gone = await inside.run(sql`delete from care_team_member
          where tenant = ${tenant} and patient = ${patient} and user_id = ${user}`)
        if (gone === 0) return
        await recordChanges(inside, tenant, [{ kind: 'patient', id: patient }])
        await tell?.(inside)
      })
    },
  }
}
