import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const WRITES = 600
export const WRITERS = [1, 16, 64] as const

/** As much of the storage package as is used here; what a statement is stays its own business. */
type Storage = {
  readonly openSqlite: (options: { readonly file: string }) => Promise<{
    readonly acrossTenants: { readonly run: (statement: unknown) => Promise<number> }
    readonly close: () => Promise<void>
  }>
  readonly sql: (texts: TemplateStringsArray, ...values: readonly string[]) => unknown
}

/** The storage package of the source code at `root`. */
export async function storageOf(root: string): Promise<Storage> {
  const file = (name: string) => pathToFileURL(join(root, 'packages', 'storage', 'src', name)).href
  // The same two files in every commit since the first bench.
  return { ...((await import(file('sqlite.ts'))) as Storage), ...((await import(file('sql.ts'))) as Storage) }
}

/** Durable single writes a second to a fresh SQLite file, by so many callers who each wait for their answer. */
export async function writesPerSecond({ openSqlite: open, sql: write }: Storage, writers: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-writes-'))
  const db = await open({ file: join(folder, 'bench.sqlite') })
  const { acrossTenants } = db
  await acrossTenants.run(write`create table entry (id text primary key, payload text not null, owner text)`)
  await acrossTenants.run(write`create index entry_by_owner on entry (owner)`)
  const payload = 'x'.repeat(700)
  let left = WRITES
  const keepWriting = async () => {
    while (left > 0) {
      left -= 1
      const id = Math.random().toString(36)
      await acrossTenants.run(write`insert into entry (id, payload, owner) values (${id}, ${payload}, ${id})`)
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: writers }, keepWriting))
  const seconds = (performance.now() - started) / 1000
  await db.close()
  rmSync(folder, { recursive: true, force: true })
  return WRITES / seconds
}
