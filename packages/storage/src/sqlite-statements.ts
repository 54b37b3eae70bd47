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
  // A statement without fragments has the texts of its place in the source code, one and the same list at every call.
  const ofPlace = new WeakMap<readonly string[], StatementSync>()
  const prepareText = (text: string): StatementSync => {
    const known = prepared.get(text)
    if (known) return known
    const fresh = file.prepare(text)
    const oldest = prepared.keys().next()
    if (prepared.size >= KEPT_STATEMENTS && !oldest.done) prepared.delete(oldest.value)
    prepared.set(text, fresh)
    return fresh
  }
  const prepare = ({ texts }: Sql): StatementSync => {
    const known = ofPlace.get(texts)
    if (known) return known
    const found = prepareText(texts.join('?'))
    if (Object.isFrozen(texts)) ofPlace.set(texts, found)
    return found
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

type Kind = 'read' | 'write' | 'other'

const kinds = new WeakMap<readonly string[], Kind>()

/** `other` is whatever SQLite may refuse inside a transaction (`vacuum`, some pragmas) and whatever we cannot read. */
export function kindOf({ texts }: Sql): Kind {
  const known = kinds.get(texts)
  if (known !== undefined) return known
  const kind = readKind(texts)
  if (Object.isFrozen(texts)) kinds.set(texts, kind)
  return kind
}

function readKind(texts: readonly string[]): Kind {
  const word = FIRST_WORD.exec(texts[0] ?? '')?.groups?.['word']?.toLowerCase() ?? ''
  if (word === 'select') return 'read'
  if (word === 'with') return texts.some((text) => WRITING_WORD.test(text)) ? 'write' : 'read'
  return WRITING_WORD.test(word) ? 'write' : 'other'
}
