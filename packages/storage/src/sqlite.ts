import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, databaseOn } from './connection.ts'
import type { Database } from './database.ts'
import type { Sql, SqlValue } from './sql.ts'
import { Turnstile } from './turnstile.ts'

export type SqliteOptions = {
  /** A path, or `:memory:`. */
  readonly file: string
  /** `full` survives power loss, which "at most once" needs; `normal` may lose the last commits but is faster. */
  readonly durability?: 'full' | 'normal'
}

const BUSY_TIMEOUT_MS = 5000
const KEPT_STATEMENTS = 500

/** Opens one connection for the whole process. Statements run at once; transactions keep all others waiting. */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  // Keys and hashed secrets live in these files: nobody else on the machine reads them. SQLite gives -wal the same mode.
  if (options.file !== ':memory:') closeSync(openSync(options.file, 'a', 0o600))
  const file = new DatabaseSync(options.file, { timeout: BUSY_TIMEOUT_MS })
  await useWriteAheadLog(file)
  file.exec(`pragma synchronous = ${options.durability ?? 'full'}`)
  file.exec('pragma trusted_schema = off')

  const turnstile = new Turnstile()
  const direct = statementsOf(file)
  const control = (command: string): void => file.exec(command === 'begin' ? 'begin immediate' : command)
  return databaseOn({
    engine: 'sqlite',
    statements: {
      all: (statement) => turnstile.pass(() => direct.all(statement)),
      first: (statement) => turnstile.pass(() => direct.first(statement)),
      run: (statement) => turnstile.pass(() => direct.run(statement)),
    },
    exclusively: (work) => turnstile.hold(() => work(asConnection(direct, control))),
    close: () => turnstile.hold(async () => file.close()),
  })
}

type Direct = {
  readonly all: (statement: Sql) => readonly object[]
  readonly first: (statement: Sql) => object | undefined
  readonly run: (statement: Sql) => number
}

const asConnection = (direct: Direct, control: (command: string) => void): Connection => ({
  all: async (statement) => direct.all(statement),
  first: async (statement) => direct.first(statement),
  run: async (statement) => direct.run(statement),
  control: async (command) => control(command),
})

function statementsOf(file: DatabaseSync): Direct {
  const prepared = new Map<string, StatementSync>()
  const prepare = (statement: Sql): StatementSync => {
    const text = statement.texts.join('?')
    const known = prepared.get(text)
    if (known) return known
    const fresh = file.prepare(text)
    const oldest = prepared.keys().next()
    if (prepared.size >= KEPT_STATEMENTS && !oldest.done) prepared.delete(oldest.value)
    prepared.set(text, fresh)
    return fresh
  }
  return {
    all: (statement) =>
      prepare(statement)
        .all(...statement.values.map(input))
        .map((row) => ({ ...row })),
    first(statement) {
      const row = prepare(statement).get(...statement.values.map(input))
      return row && { ...row }
    },
    run: (statement) => Number(prepare(statement).run(...statement.values.map(input)).changes),
  }
}

const input = (value: SqlValue): SQLInputValue => (typeof value === 'boolean' ? Number(value) : value)

/** Several processes opening a fresh file at once collide here, and SQLite's busy timeout does not cover this pragma. */
async function useWriteAheadLog(file: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return file.exec('pragma journal_mode = wal')
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(50)
    }
  }
}
