import type { Tenant } from './tenant.ts'

/**
 * What a statement may carry. There is no Date on purpose: times are whole milliseconds (`date.getTime()`), and a text
 * compared with a number would answer wrongly without an error.
 */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array

/** `tenant` when a `Tenant` was interpolated; only such statements pass the ordinary methods of a `Database`. */
export type Scope = 'tenant' | 'none'

declare const scopeMark: unique symbol

/** A statement or a piece of one: texts and the values between them, never mixed. */
export type Sql<S extends Scope = Scope> = {
  readonly kind: 'sql'
  readonly texts: readonly string[]
  readonly values: readonly SqlValue[]
  /** Exists for the type checker only. */
  readonly [scopeMark]: S
}

type Interpolation = SqlValue | Sql
type Scoped<V> = [V] extends [Tenant | Sql<'tenant'>] ? true : never
type ScopeOf<V extends readonly Interpolation[]> = [{ [K in keyof V]: Scoped<V[K]> }[number]] extends [never]
  ? 'none'
  : 'tenant'

/** What this file made. An object of the same shape from a request body or a row is not a fragment. */
class Fragment {
  readonly kind = 'sql'
  readonly texts: readonly string[]
  readonly values: readonly SqlValue[]
  /** Nothing outside this class can give an object one. */
  readonly #made = true

  constructor(texts: readonly string[], values: readonly SqlValue[]) {
    this.texts = texts
    this.values = values
  }

  static made(part: object): boolean {
    return #made in part && part.#made
  }
}

function isSql(part: unknown): part is Sql {
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return false
  if (Fragment.made(part)) return true
  throw new TypeError('an object that is not a value was put into a statement')
}

const make = <S extends Scope>(texts: readonly string[], values: readonly SqlValue[]): Sql<S> =>
  new Fragment(texts, values) as unknown as Sql<S> // the mark of the scope has no run-time half

function compose(texts: readonly string[], parts: readonly Interpolation[]): { texts: string[]; values: SqlValue[] } {
  const flat = [texts[0] ?? '']
  const values: SqlValue[] = []
  const extend = (text: string) => flat.push((flat.pop() ?? '') + text)
  for (const [index, part] of parts.entries()) {
    const after = texts[index + 1] ?? ''
    if (isSql(part)) {
      extend(part.texts[0] ?? '')
      flat.push(...part.texts.slice(1))
      values.push(...part.values)
      extend(after)
    } else {
      values.push(part)
      flat.push(after)
    }
  }
  return { texts: flat, values }
}

/**
 * Writes a statement: sql`select intent from launch where tenant = ${tenant} and id = ${id}`.
 *
 * Values become parameters, other fragments become part of the text, and nothing else can enter.
 */
export function sql<const V extends readonly Interpolation[]>(
  texts: TemplateStringsArray,
  ...parts: V
): Sql<ScopeOf<V>> {
  if (!parts.some(isSql)) return make(texts, parts as readonly SqlValue[]) // no part is a fragment, so each is a value
  const { texts: flat, values } = compose(texts, parts)
  return make(flat, values)
}

/** A comma-separated list for `in (…)` or `values (…)`; an empty one is `null`, which nothing is `in`. */
sql.list = (entries: readonly Interpolation[]): Sql<'none'> => {
  if (entries.length === 0) return make(['null'], [])
  const { texts, values } = compose(['', ...entries.slice(1).map(() => ', '), ''], entries)
  return make(texts, values)
}

/** Fragments with a constant between them: `sql.join(conditions, ' and ')`. Scoped only if every fragment is. */
sql.join = <S extends Scope>(
  fragments: readonly Sql<S>[],
  between: ' and ' | ' or ' | ', ' | ' union all ',
): Sql<S> => {
  const { texts, values } = compose(['', ...fragments.slice(1).map(() => between), ''], fragments)
  return make(texts, values)
}

/** A name written in our source code, such as a table chosen from two constants. A computed string does not type-check. */
sql.raw = <const T extends string>(text: string extends T ? never : T): Sql<'none'> => make([text], [])
