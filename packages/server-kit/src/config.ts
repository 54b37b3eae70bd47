/** Everything that is wrong with a configuration, told at once. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem'
  readonly problems: readonly string[]

  constructor(problems: readonly string[], options: { readonly cause?: unknown } = {}) {
    super(problems.join('\n'), options)
    this.problems = problems
  }
}

/** A reading either worked or says in one line why not, without repeating a value that may be secret. */
export type Reading<T> = { readonly value: T } | { readonly reason: string }
export type Reader<T> = (text: string) => Reading<T>

/** One environment variable and how to read it. */
type Variable<T> = { readonly name: string; readonly read: (text: string | undefined) => Reading<T> }
export type EnvironmentSpec = Readonly<Record<string, Variable<unknown>>>
type Read<S extends EnvironmentSpec> = {
  readonly [K in keyof S]: S[K] extends Variable<infer T> ? T : never
}

export const text: Reader<string> = (value) => ({ value })

export const port: Reader<number> = (value) =>
  /^\d{1,5}$/.test(value) && Number(value) < 65_536
    ? { value: Number(value) }
    : { reason: `\`${value}\` is not a port number` }

export const oneOf =
  <const T extends string>(choices: readonly T[]): Reader<T> =>
  (value) => {
    const chosen = choices.find((choice) => choice === value)
    return chosen === undefined ? { reason: `\`${value}\` is not one of ${choices.join(', ')}` } : { value: chosen }
  }

export const required = <T>(name: string, read: Reader<T>): Variable<T> => ({
  name,
  read: (value) => (value === undefined || value === '' ? { reason: 'is required' } : read(value)),
})

export const optional = <T>(name: string, read: Reader<T>): Variable<T | undefined> => ({
  name,
  read: (value) => (value === undefined || value === '' ? { value: undefined } : read(value)),
})

export const withDefault = <T>(name: string, read: Reader<T>, fallback: T): Variable<T> => ({
  name,
  read: (value) => (value === undefined || value === '' ? { value: fallback } : read(value)),
})

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment once into a frozen value; throws one `ConfigProblem` naming every variable that is wrong. */
export function readEnvironment<S extends EnvironmentSpec>(env: Environment, spec: S): Read<S> {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, variable] of Object.entries(spec)) {
    const reading = variable.read(env[variable.name])
    if ('reason' in reading) problems.push(`${variable.name}: ${reading.reason}`)
    else values[key] = reading.value
  }
  if (problems.length > 0) throw new ConfigProblem(problems)
  return Object.freeze(values) as Read<S> // every key of the spec was read, or we threw
}
