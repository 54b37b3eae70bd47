import type { Scope, Sql } from './sql.ts'

/** The three ways to ask. Rows are plain objects; integers are numbers, blobs are Uint8Array. */
export interface Queries<S extends Scope> {
  all<Row extends object>(statement: Sql<S>): Promise<readonly Row[]>
  /** The first row, or undefined. The statement runs whole either way: `update … returning` is for this method. */
  first<Row extends object>(statement: Sql<S>): Promise<Row | undefined>
  /** The number of rows changed: what "at most once" is decided by. */
  run(statement: Sql<S>): Promise<number>
}

/**
 * One owner's database. Its own methods take only statements that name a tenant.
 *
 * Every single statement is atomic. A conditional `update` or `delete` that finds its row in the expected state changes it
 * for exactly one caller, also across processes. A write is answered when it is durable, never before; statements that one
 * caller does not wait for may still share a commit with others, and fail each for itself.
 */
export interface Database extends Queries<'tenant'> {
  readonly engine: 'sqlite' | 'postgres'
  /** For migrations and for sweeping what has expired: statements that belong to no tenant. */
  readonly acrossTenants: Queries<Scope>
  /**
   * Runs the work whole or not at all, on the database handed to it. Nothing else of this process lands inside. Using the outer
   * database in there is an error, as is using the inner one afterwards. A failed statement undoes the whole, even when the
   * work catches its error; to survive one, put it in an inner `transaction`: a savepoint, one after the other.
   */
  transaction<T>(work: (inside: Database) => Promise<T>): Promise<T>
  close(): Promise<void>
}
