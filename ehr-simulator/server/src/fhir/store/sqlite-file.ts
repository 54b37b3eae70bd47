import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

export type Row = Readonly<Record<string, unknown>>
export type Argument = SQLInputValue

/** Statements kept prepared. Searches differ in shape, so the least recently used one goes. */
const KEPT_STATEMENTS = 400

/** One SQLite database and its prepared statements. Everything here is synchronous: nothing takes more than milliseconds. */
export class SqliteFile {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    // Made by us before SQLite does: the journal files beside it take over who may read it.
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600))
    this.#database = new DatabaseSync(file, { timeout: 2000 })
    // NORMAL: a power cut may lose the last clinical demo writes but never tears one; the bearer-secret stores use FULL.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;')
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) {
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > KEPT_STATEMENTS) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    return statement
  }

  all(sql: string, ...values: readonly Argument[]): readonly Row[] {
    return this.#prepared(sql).all(...values)
  }

  first(sql: string, ...values: readonly Argument[]): Row | undefined {
    return this.#prepared(sql).get(...values)
  }

  /** Answers the row id of what was inserted. */
  run(sql: string, ...values: readonly Argument[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid)
  }

  /** Runs synchronous work in a transaction of its own. */
  atomically<T>(work: () => T): T {
    this.#database.exec('begin immediate')
    try {
      const result = work()
      this.#database.exec('commit')
      return result
    } catch (error) {
      this.#database.exec('rollback')
      throw error
    }
  }

  execute(sql: string): void {
    this.#database.exec(sql)
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }
}
