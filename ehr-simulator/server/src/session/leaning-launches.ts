import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { type LaunchEnding, type Moment, writeEnding } from './launch-endings.ts'

/** Remembers, before a launch is offered, which tab leans on a decision that somebody took. */
export async function noteLeaning(
  db: Database,
  tenant: Tenant,
  { decision, workspace }: { readonly decision: string; readonly workspace: string },
): Promise<void> {
  await db.run(sql`insert into host_launch_decision (tenant, decision, workspace)
    values (${tenant}, ${decision}, ${workspace}) on conflict do nothing`)
}

/**
 * Writes down the ending of every tab that leans on a decision that is over.
 *
 * Facts close the data within seconds in any case; this ends grants and tokens, so that nothing is left to be refreshed.
 */
export async function endLeaning(
  inside: Database,
  tenant: Tenant,
  decisions: readonly string[],
  moment: Moment,
): Promise<readonly LaunchEnding[]> {
  const rows = await inside.all<{ workspace: string }>(sql`delete from host_launch_decision
    where tenant = ${tenant} and decision in (${sql.list(decisions)}) returning workspace`)
  const endings = [...new Set(rows.map(({ workspace }) => workspace))].map(
    (value): LaunchEnding => ({ scope: 'workspace', value }),
  )
  for (const ending of endings) await writeEnding(inside, tenant, ending, moment)
  return endings
}
