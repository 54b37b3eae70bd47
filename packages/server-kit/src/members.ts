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

/** A list of at most 100 entries, or as many as a format names, each read by the same reader. */
export const list =
  <T>(read: MemberReader<T>, most = 100): MemberReader<readonly Exclude<T, Problem>[]> =>
  (value, name) => {
    if (!Array.isArray(value) || value.length > most) return problem(name, `\`${name}\` must be a list`)
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

type Shape<R extends Readers, O extends Readers> = { readonly required: R; readonly optional?: O }

/**
 * Reads an object of one of our own formats and names the first member that is unknown, missing or wrong.
 *
 * Only for formats of our own: RFC 7591 registrations, OAuth forms and FHIR tolerate members they do not know.
 */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- no optional members is exactly what it says
export function readMembers<R extends Readers, O extends Readers = Record<never, never>>(
  value: unknown,
  shape: Shape<R, O>,
): Members<R, O> | Problem {
  const { members, problems } = readEachMember(value, shape)
  return problems[0] ?? (members as Members<R, O>) // without a problem, every required member is there
}

/** Reads the same, for files whose author wants to hear of everything at once: what is right, and all that is not. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- as above
export function readEachMember<R extends Readers, O extends Readers = Record<never, never>>(
  value: unknown,
  shape: Shape<R, O>,
): { readonly members: Partial<Members<R, O>>; readonly problems: readonly Problem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { members: {}, problems: [problem('body', 'expected a JSON object')] }
  const given = value as Readonly<Record<string, unknown>> // any object is one
  const { readers, required } = outlineOf(shape)
  const problems: Problem[] = []
  for (const name of Object.keys(given))
    if (!readers.has(name)) problems.push(problem(name, `unknown member \`${name.slice(0, 64)}\``))
  for (const name of required)
    if (!Object.hasOwn(given, name)) problems.push(problem(name, `member \`${name}\` is missing`))
  const members: Record<string, unknown> = {}
  for (const [name, read] of readers) {
    if (!Object.hasOwn(given, name)) continue
    const got = read(given[name], name)
    if (isProblem(got)) problems.push(got)
    else members[name] = got
  }
  return { members: members as Partial<Members<R, O>>, problems } // each reader answered for its own member
}

type Outline = { readonly readers: ReadonlyMap<string, MemberReader<unknown>>; readonly required: readonly string[] }

const outlines = new WeakMap<object, Outline>()

function outlineOf(shape: Shape<Readers, Readers>): Outline {
  const known = outlines.get(shape)
  if (known !== undefined) return known
  const readers = new Map([...Object.entries(shape.required), ...Object.entries(shape.optional ?? {})])
  const outline = { readers, required: Object.keys(shape.required) }
  outlines.set(shape, outline)
  return outline
}
