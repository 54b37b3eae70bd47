import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'

/** Reads one member of a JSON object of ours. */
export type MemberReader<T> = (value: unknown, name: string) => T | Problem
type Readers = Readonly<Record<string, MemberReader<unknown>>>
type Got<R> = R extends MemberReader<infer T> ? Exclude<T, Problem> : never

export type Members<R extends Readers, O extends Readers> = { readonly [K in keyof R]: Got<R[K]> } & {
  readonly [K in keyof O]?: Got<O[K]>
}

/** A non-empty string of at most 2000 characters without control characters. */
export const text: MemberReader<string> = (value, name) =>
  typeof value === 'string' && value !== '' && value.length <= 2000 && !/\p{Cc}/u.test(value)
    ? value
    : problem(name, `\`${name}\` must be a text`)

export const flag: MemberReader<boolean> = (value, name) =>
  typeof value === 'boolean' ? value : problem(name, `\`${name}\` must be true or false`)

export const integer: MemberReader<number> = (value, name) =>
  Number.isSafeInteger(value) ? Number(value) : problem(name, `\`${name}\` must be a whole number`)

/** For a member another parser reads. */
export const anything: MemberReader<{ readonly json: unknown }> = (value) => ({ json: value })

export const choice =
  <const T extends string>(choices: readonly T[]): MemberReader<T> =>
  (value, name) =>
    choices.find((known) => known === value) ?? problem(name, `\`${name}\` must be one of ${choices.join(', ')}`)

/** A list of at most 100 entries, each read by the same reader. */
export const list =
  <T>(read: MemberReader<T>): MemberReader<readonly Exclude<T, Problem>[]> =>
  (value, name) => {
    if (!Array.isArray(value) || value.length > 100) return problem(name, `\`${name}\` must be a list`)
    const entries: Exclude<T, Problem>[] = []
    for (const [index, entry] of value.entries()) {
      const got = read(entry, `${name}[${index}]`)
      if (isProblem(got)) return got
      entries.push(got as Exclude<T, Problem>) // the line above took the problems out
    }
    return entries
  }

/** Absent and null mean the same where a format says that null is a choice of its own. */
export const nullable =
  <T>(read: MemberReader<T>): MemberReader<T | null> =>
  (value, name) =>
    value === null ? null : read(value, name)

/**
 * Reads an object of one of our own formats and names the first member that is unknown, missing or wrong.
 *
 * Only for formats of our own: RFC 7591 registrations, OAuth forms and FHIR tolerate members they do not know.
 */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- no optional members is exactly what it says
export function readMembers<R extends Readers, O extends Readers = Record<never, never>>(
  value: unknown,
  shape: { readonly required: R; readonly optional?: O },
): Members<R, O> | Problem {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return problem('body', 'expected a JSON object')
  const readers = new Map([...Object.entries(shape.required), ...Object.entries(shape.optional ?? {})])
  const given = new Map<string, unknown>(Object.entries(value))
  for (const name of given.keys()) {
    if (!readers.has(name)) return problem(name, `unknown member \`${name.slice(0, 64)}\``)
  }
  for (const name of Object.keys(shape.required)) {
    if (!given.has(name)) return problem(name, `member \`${name}\` is missing`)
  }
  const members: [string, unknown][] = []
  for (const [name, read] of readers) {
    if (!given.has(name)) continue
    const got = read(given.get(name), name)
    if (isProblem(got)) return got
    members.push([name, got])
  }
  return Object.fromEntries(members) as Members<R, O> // each reader answered for its own member, and the required ones are there
}
