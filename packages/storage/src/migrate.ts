import type { Database } from './database.ts'
import { type Sql, sql } from './sql.ts'

/** One step of a schema. `id` begins with its number and never changes once released. */
export type Migration = {
  readonly id: string
  readonly up: readonly Sql[] | { readonly sqlite: readonly Sql[]; readonly postgres: readonly Sql[] }
}

/**
 * Brings a database to the newest schema; safe to call from several processes at once and again.
 *
 * Write `text`, `bigint` (all integers and times) and `blob` (PostgreSQL gets `bytea`). Refuses a database that knows steps this
 * program does not.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<void> {
  await db.transaction(async (inside) => {
    const all = inside.acrossTenants
    // SQLite's `begin immediate` already lets one process in; PostgreSQL needs to be told.
    if (inside.engine === 'postgres') await all.first(sql`select pg_advisory_xact_lock(hashtext(current_schema()))`)
    await all.run(sql`create table if not exists migration (id text primary key, applied_at bigint not null)`)
    const applied = new Set((await all.all<{ id: string }>(sql`select id from migration`)).map((row) => row.id))
    const unknown = [...applied].find((id) => !migrations.some((migration) => migration.id === id))
    if (unknown !== undefined) throw new Error(`the database has step \`${unknown}\`, which this program does not know`)
    for (const migration of migrations) {
      if (applied.has(migration.id)) continue
      for (const statement of stepsFor(migration, inside.engine)) await all.run(statement)
      await all.run(sql`insert into migration (id, applied_at) values (${migration.id}, ${Date.now()})`)
    }
  })
}

function stepsFor(migration: Migration, engine: Database['engine']): readonly Sql[] {
  const { up } = migration
  const steps = 'sqlite' in up ? up[engine] : up
  if (engine === 'sqlite') return steps
  return steps.map((step) => ({ ...step, texts: step.texts.map((text) => text.replace(/\bblob\b/g, 'bytea')) }))
}
