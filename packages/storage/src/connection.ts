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

type Turn = { over: boolean }

/** Makes the one `Database` behaviour of both engines out of a driver. */
export function databaseOn(driver: Driver): Database {
  // Remembers that this asynchronous call chain stands inside a transaction, to turn a dead lock into an error.
  const turns = new AsyncLocalStorage<Turn>()
  const outside = () => {
    if (turns.getStore()?.over === false) throw new Error('inside a transaction only its own database may be used')
  }
  return {
    engine: driver.engine,
    ...queriesOn(driver.statements, outside),
    acrossTenants: queriesOn(driver.statements, outside),
    async transaction(work) {
      outside()
      return driver.exclusively(async (connection) => {
        const turn: Turn = { over: false }
        await connection.control('begin')
        try {
          const result = await turns.run(turn, () => work(insideOf(driver.engine, connection, turn, 1)))
          turn.over = true
          await connection.control('commit')
          return result
        } catch (error) {
          turn.over = true
          await connection.control('rollback')
          throw error
        }
      })
    },
    close: () => driver.close(),
  }
}

function insideOf(engine: Database['engine'], connection: Connection, turn: Turn, depth: number): Database {
  const still = () => {
    if (turn.over) throw new Error('this transaction is over')
  }
  return {
    engine,
    ...queriesOn(connection, still),
    acrossTenants: queriesOn(connection, still),
    async transaction(work) {
      still()
      const inner: Turn = { over: false }
      await connection.control(`savepoint level_${depth}`)
      try {
        const result = await work(insideOf(engine, connection, inner, depth + 1))
        inner.over = true
        await connection.control(`release savepoint level_${depth}`)
        return result
      } catch (error) {
        inner.over = true
        await connection.control(`rollback to savepoint level_${depth}`)
        await connection.control(`release savepoint level_${depth}`)
        throw error
      }
    },
    close: () => Promise.reject(new Error('a transaction is closed by its end')),
  }
}

function queriesOn(statements: Omit<Connection, 'control'>, allowed: () => void): Queries<Scope> {
  return {
    async all<Row extends object>(statement: Sql) {
      allowed()
      return (await statements.all(statement)) as readonly Row[] // the caller states what its own columns are
    },
    async first<Row extends object>(statement: Sql) {
      allowed()
      return (await statements.first(statement)) as Row | undefined // as above
    },
    async run(statement: Sql) {
      allowed()
      return statements.run(statement)
    },
  }
}
