import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Sql, SqlValue } from './sql.ts'

const KEPT_STATEMENTS = 500

/** The three ways to ask, at once and on this thread. */
export type SqliteStatements = {
  readonly all: (statement: Sql) => readonly object[]
  readonly first: (statement: Sql) => object | undefined
  readonly run: (statement: Sql) => number
}

export function statementsOf(file: DatabaseSync): SqliteStatements {
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

const FIRST_WORD = /^\s*(?<word>[a-z]+)/i
const WRITING_WORD = /\b(?:insert|update|delete|replace)\b/i

/** `other` is whatever SQLite may refuse inside a transaction (`vacuum`, some pragmas) and whatever we cannot read. */
export function kindOf(statement: Sql): 'read' | 'write' | 'other' {
  const word = FIRST_WORD.exec(statement.texts[0] ?? '')?.groups?.['word']?.toLowerCase() ?? ''
  if (word === 'select') return 'read'
  if (word === 'with') return statement.texts.some((text) => WRITING_WORD.test(text)) ? 'write' : 'read'
  return WRITING_WORD.test(word) ? 'write' : 'other'
}
