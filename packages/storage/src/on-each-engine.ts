import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Database } from './database.ts'
import { type Migration, migrate } from './migrate.ts'
import { openPlace, type Place } from './open.ts'
import { dropSchema } from './postgres.ts'

const IN_MEMORY = 'SQLite in memory'

/** What a contract suite gets for one engine. */
export type EngineSuite = {
  readonly engine: string
  /** False in memory, which no second connection and no other process can see. */
  readonly shared: boolean
  /** A migrated database, fresh unless a place is given; closed when the suite ends. */
  readonly open: (place?: Place) => Promise<Database>
  /** A place nobody has used, removed when the suite ends. */
  readonly newPlace: () => Place
}

/**
 * Runs one contract suite on SQLite in memory, SQLite in a file and PostgreSQL.
 *
 * PostgreSQL is whatever UTHOPP_TEST_DATABASE names. Without it that third is one skipped test that says so, or a failing one
 * when UTHOPP_REQUIRE_POSTGRES is 1.
 */
export function onEachEngine(migrations: readonly Migration[], suite: (given: EngineSuite) => void): void {
  const url = process.env['UTHOPP_TEST_DATABASE']
  onEngine(IN_MEMORY, migrations, suite, () => ({ place: { kind: 'memory' }, remove: () => undefined }))
  onEngine('SQLite in a file', migrations, suite, () => {
    const directory = mkdtempSync(join(tmpdir(), 'uthopp-storage-'))
    const remove = () => rmSync(directory, { recursive: true, force: true })
    return { place: { kind: 'file', file: join(directory, 'contract.sqlite'), durability: 'full' }, remove }
  })
  if (url) {
    onEngine('PostgreSQL', migrations, suite, () => {
      const schema = `test_${randomBytes(8).toString('hex')}`
      return { place: { kind: 'postgres', url, schema }, remove: () => dropSchema({ url, schema }) }
    })
  } else if (process.env['UTHOPP_REQUIRE_POSTGRES'] === '1') {
    test('on PostgreSQL', () => {
      throw new Error('UTHOPP_REQUIRE_POSTGRES is set, but UTHOPP_TEST_DATABASE names no database')
    })
  } else {
    test('on PostgreSQL', { skip: 'UTHOPP_TEST_DATABASE names no PostgreSQL database' })
  }
}

type Made = { readonly place: Place; readonly remove: () => void | Promise<void> }

function onEngine(
  engine: string,
  migrations: readonly Migration[],
  suite: (given: EngineSuite) => void,
  make: () => Made,
): void {
  describe(`on ${engine}`, () => {
    const opened: Database[] = []
    const made: Made[] = []
    const newPlace = () => {
      const next = make()
      made.push(next)
      return next.place
    }
    after(async () => {
      await Promise.all(opened.map((db) => db.close()))
      await Promise.all(made.map(async ({ remove }) => remove()))
    })
    suite({
      engine,
      shared: engine !== IN_MEMORY,
      newPlace,
      async open(place = newPlace()) {
        const db = await openPlace(place)
        opened.push(db)
        await migrate(db, migrations)
        return db
      },
    })
  })
}
