import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Queries } from './database.ts'
import type { Scope, Sql } from './sql.ts'

/** What a driver gives: statements on one connection, in the order they are handed in. */
export type Connection = {
  readonly all: (statement: Sql) => Promise<readonly object[]>
  readonly first: (statement: Sql) => Promise<object | undefined>
  readonly run: (statement: Sql) => Promise<number>
  readonly control: (command: string) => Promise<void>
}

/** A driver: plain statements, and a connection nobody else uses for as long as some work takes. */
export type Driver = {
  readonly engine: Database['engine']
  readonly statements: Omit<Connection, 'control'>
  readonly exclusively: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/** A transaction or savepoint while it lasts. */
type Turn = { over: boolean; failed: boolean }

/** Makes the one `Database` behaviour of both engines out of a driver. */
export function databaseOn(driver: Driver): Database {
  // Remembers that this asynchronous call chain stands inside a transaction, to turn a dead lock into an error.
  const turns = new AsyncLocalStorage<Turn>()
  const outside = () => {
    if (turns.getStore()?.over === false) throw new Error('inside a transaction only its own database may be used')
  }
  const queries = queriesOn(driver.statements, outside)
  return {
    engine: driver.engine,
    ...queries,
    acrossTenants: queries,
    async transaction(work) {
      outside()
      return driver.exclusively((connection) => {
        const commands = { enter: ['begin'], keep: ['commit'], undo: ['rollback'] }
        return takeTurn(connection, commands, (turn) =>
          turns.run(turn, () => work(insideOf(driver.engine, connection, turn, 1))),
        )
      })
    },
    close: () => driver.close(),
  }
}

function insideOf(engine: Database['engine'], connection: Connection, turn: Turn, depth: number): Database {
  const still = () => {
    if (turn.over) throw new Error('this transaction is over')
    if (turn.failed) throw new Error('a statement of this transaction failed, so it can only be undone')
  }
  const queries = queriesOn(connection, still, () => {
    turn.failed = true
  })
  const name = `level_${depth}`
  const commands = {
    enter: [`savepoint ${name}`],
    keep: [`release savepoint ${name}`],
    undo: [`rollback to savepoint ${name}`, `release savepoint ${name}`],
  }
  return {
    engine,
    ...queries,
    acrossTenants: queries,
    async transaction(work) {
      still()
      return takeTurn(connection, commands, (inner) => work(insideOf(engine, connection, inner, depth + 1)))
    },
    close: () => Promise.reject(new Error('a transaction is closed by its end')),
  }
}

type TurnCommands = Readonly<Record<'enter' | 'keep' | 'undo', readonly string[]>>

async function takeTurn<T>(
  connection: Connection,
  commands: TurnCommands,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const turn: Turn = { over: false, failed: false }
  for (const command of commands.enter) await connection.control(command)
  try {
    const result = await work(turn)
    // PostgreSQL answers such a commit with a silent rollback, SQLite keeps the rest; here both are an error.
    if (turn.failed) throw new Error('a statement of this transaction failed, so nothing of it is kept')
    turn.over = true
    for (const command of commands.keep) await connection.control(command)
    return result
  } catch (error) {
    turn.over = true
    // When undoing fails too, the engine has already let go (full disk, lost connection): the first error tells why.
    for (const command of commands.undo) await connection.control(command).catch(() => undefined)
    throw error
  }
}

function queriesOn(
  statements: Omit<Connection, 'control'>,
  allowed: () => void,
  failed: () => void = () => undefined,
): Queries<Scope> {
  const guarded = async <T>(ask: () => Promise<T>): Promise<T> => {
    allowed()
    try {
      return await ask()
    } catch (error) {
      failed()
      throw error
    }
  }
  return {
    async all<Row extends object>(statement: Sql) {
      return (await guarded(() => statements.all(statement))) as readonly Row[] // the caller states what its own columns are
    },
    async first<Row extends object>(statement: Sql) {
      return (await guarded(() => statements.first(statement))) as Row | undefined // as above
    },
    run: (statement) => guarded(() => statements.run(statement)),
  }
}
