/** An answer that is not what the work surface and its server agreed on. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
}

/** Turns one member of an answer into a typed value, or throws naming where it stood. */
export type Reader<T> = (value: unknown, at: string) => T

const expected = (what: string, at: string): never => {
  throw new UnexpectedAnswer(`expected ${what} at \`${at}\``)
}

export const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : expected('text', at))
export const number: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : expected('a number', at)
export const boolean: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : expected('true or false', at)

/** Times travel as ISO 8601 with a zone, never as local text. */
export const instant: Reader<Date> = (value, at) => {
  const date = new Date(text(value, at))
  return Number.isNaN(date.getTime()) ? expected('a time', at) : date
}

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, at) =>
    value === null ? null : reader(value, at)

export const listOf =
  <T>(reader: Reader<T>): Reader<readonly T[]> =>
  (value, at) =>
    Array.isArray(value) ? value.map((entry, index) => reader(entry, `${at}[${index}]`)) : expected('a list', at)

export const oneOf =
  <const T extends string>(...words: readonly T[]): Reader<T> =>
  (value, at) =>
    words.find((word) => word === value) ?? expected(`one of ${words.join(', ')}`, at)

/** Reads the named members and ignores others, so that the server may grow first. */
export const record =
  <T extends object>(readers: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return expected('an object', at)
    const source = new Map(Object.entries(value))
    const names = Object.keys(readers) as (keyof T & string)[] // readers has exactly the members of T
    const members = names.map((name) => [name, readers[name](source.get(name), `${at}.${name}`)] as const)
    return Object.fromEntries(members) as T // every member was read by its own reader
  }
