import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'

/** Reads one value; the path says where it stood. */
export type Reader<T> = (value: unknown, path: string) => T | Problem

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text: Reader<string> = (value, path) =>
  typeof value === 'string' && value.length <= 2000 && !/\p{Cc}/u.test(value)
    ? value
    : problem(path, `\`${path}\` must be a text`)

export const filled: Reader<string> = (value, path) => {
  const read = text(value, path)
  return read === '' ? problem(path, `\`${path}\` must not be empty`) : read
}

export const flag: Reader<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : problem(path, `\`${path}\` must be true or false`)

export const integer: Reader<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : problem(path, `\`${path}\` must be a whole number`)

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

export const instant: Reader<Date> = (value, path) => {
  const date = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined
  return date && !Number.isNaN(date.getTime()) ? date : problem(path, `\`${path}\` must be a time with a zone`)
}

export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, path) =>
    value === null ? null : read(value, path)

export const choice =
  <const T extends string>(choices: readonly T[]): Reader<T> =>
  (value, path) =>
    choices.find((each) => each === value) ?? problem(path, `\`${path}\` must be one of ${choices.join(', ')}`)

export const list =
  <T>(read: Reader<T>, most = 1000): Reader<readonly Exclude<T, Problem>[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > most)
      return problem(path, `\`${path}\` must be a list of at most ${most}`)
    const entries: Exclude<T, Problem>[] = []
    for (const [index, entry] of value.entries()) {
      const got = read(entry, `${path}[${index}]`)
      if (isProblem(got)) return got
      entries.push(got as Exclude<T, Problem>) // the line above took the problems out
    }
    return entries
  }

type Readers = Readonly<Record<string, Reader<unknown>>>
type Got<R> = R extends Reader<infer T> ? Exclude<T, Problem> : never
type Shape<R extends Readers> = { readonly [K in keyof R]: Got<R[K]> }

/** Reads an object whose named members must all be there, but for those read by `optional`. Members it does not name are refused when `strict`, else ignored. */
export const object =
  <R extends Readers>(readers: R, strict = true): Reader<Shape<R>> =>
  (value, path) => {
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
    if (!isObject(value)) return problem(path, `\`${path || 'body'}\` must be an object`)
    const odd = strict ? Object.keys(value).find((name) => !Object.hasOwn(readers, name)) : undefined
    if (odd !== undefined) return problem(at(odd), `unknown member \`${at(odd.slice(0, 64))}\``)
    const members: [string, unknown][] = []
    for (const [name, read] of Object.entries(readers)) {
      const given = Object.hasOwn(value, name)
      const got = read(given ? value[name] : undefined, at(name))
      if (isProblem(got)) return given ? got : problem(at(name), `member \`${at(name)}\` is missing`)
      members.push([name, got])
    }
    return Object.fromEntries(members) as Shape<R> // each reader answered for its own member
  }

/** A member that may be left out, and what that means. */
export const optional =
  <T, D>(read: Reader<T>, absent: D): Reader<T | D> =>
  (value, path) =>
    value === undefined ? absent : read(value, path)
