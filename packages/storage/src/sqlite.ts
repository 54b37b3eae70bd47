import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, databaseOn } from './connection.ts'
import type { Database } from './database.ts'
import { type Batching, GroupCommit } from './group-commit.ts'
import type { Sql } from './sql.ts'
import { kindOf, type SqliteStatements, statementsOf } from './sqlite-statements.ts'
import { Turnstile } from './turnstile.ts'

export type SqliteOptions = {
  /** A path, or `:memory:`. */
  readonly file: string
  /** `full` survives power loss, which "at most once" needs; `normal` may lose the last commits but is faster. */
  readonly durability?: 'full' | 'normal'
}

const BUSY_TIMEOUT_MS = 5000
/** SQLite's own 2 MB hold the indexes of a few thousand launches; past that every write reads pages it wrote a moment ago. */
const CACHE_KILOBYTES = 32_000
/** SQLITE_CONSTRAINT; extended codes carry it in their last byte. */
const CONSTRAINT = 19

/**
 * Opens one connection for the whole process. Reads run at once, the writes of one tick, or of a few busy ones, are committed
 * together, and transactions keep all others waiting.
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  // Keys and hashed secrets live in these files: nobody else on the machine reads them. SQLite gives -wal the same mode.
  if (options.file !== ':memory:') closeSync(openSync(options.file, 'a', 0o600))
  const file = new DatabaseSync(options.file, { timeout: BUSY_TIMEOUT_MS })
  await useWriteAheadLog(file)
  file.exec(`pragma synchronous = ${options.durability ?? 'full'}`)
  file.exec('pragma trusted_schema = off')
  file.exec(`pragma cache_size = -${CACHE_KILOBYTES}`)

  const direct = statementsOf(file)
  const batches = new GroupCommit(new Turnstile(), batchingOf(file))
  const ask = <T>(statement: Sql, work: () => T): Promise<T> => {
    const kind = kindOf(statement)
    return kind === 'other' ? batches.alone(async () => work()) : batches[kind](work)
  }
  const control = (command: string): void => file.exec(command === 'begin' ? 'begin immediate' : command)
  return databaseOn({
    engine: 'sqlite',
    statements: {
      all: (statement) => ask(statement, () => direct.all(statement)),
      first: (statement) => ask(statement, () => direct.first(statement)),
      run: (statement) => ask(statement, () => direct.run(statement)),
    },
    exclusively: (work) => batches.alone(() => work(asConnection(direct, control))),
    close: () => batches.alone(async () => file.close()),
  })
}

const asConnection = (direct: SqliteStatements, control: (command: string) => void): Connection => ({
  all: async (statement) => direct.all(statement),
  first: async (statement) => direct.first(statement),
  run: async (statement) => direct.run(statement),
  control: async (command) => control(command),
})

function batchingOf(file: DatabaseSync): Batching {
  // Taking the write lock first keeps a batch from failing half way because another process wrote in between.
  const begin = file.prepare('begin immediate')
  const commit = file.prepare('commit')
  return {
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback: () => file.exec('rollback'),
    isOpen: () => file.isTransaction,
    isViolation: (error) =>
      error instanceof Error &&
      'errcode' in error &&
      typeof error.errcode === 'number' &&
      (error.errcode & 0xff) === CONSTRAINT,
  }
}

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
