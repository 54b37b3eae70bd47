export type SearchParameterSource = {
  readonly code: string
  readonly type: string
  readonly base: readonly string[]
  readonly target?: readonly string[]
  readonly expression?: string
}

type CompartmentRow = { readonly code: string; readonly param?: readonly string[] }

/** How one type belongs to patients: the parameter a search is constrained with, and where the references stand. */
type CompartmentEntry = {
  readonly param: string
  /** Elements that name whose data this is. */
  readonly owner: readonly string[]
  /** Every element that puts the resource in a compartment by the R4 definition. */
  readonly all: readonly string[]
}

/** `a.b.where(resolve() is Patient)`, `(T.a.ofType(CodeableConcept))` and the like, one alternative of a parameter's expression. */
function alternatives(type: string, parameter: SearchParameterSource): readonly string[] {
  return (parameter.expression ?? '')
    .split('|')
    .map((part) => part.trim().replace(/^\((.*)\)$/, '$1'))
    .filter((part) => part.startsWith(`${type}.`))
    .map((part) => part.slice(type.length + 1))
}

/** A plain element path, or undefined where only a FHIRPath engine could follow it. */
function plainPath(expression: string): string | undefined {
  const path = expression
    .replace(/\.where\(resolve\(\) is [A-Za-z]+\)$/, '')
    // A choice element is stored under the name with its type appended.
    .replace(/\.ofType\(([a-z])([A-Za-z]*)\)$/i, (_all, first: string, rest: string) => first.toUpperCase() + rest)
    .replace(/ as ([A-Z][A-Za-z]*)$/, '$1')
  return /^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)*$/.test(path) ? path : undefined
}

const isPath = (path: string | undefined): path is string => path !== undefined
const unique = (list: readonly string[]): readonly string[] => [...new Set(list)]

function pathsOf(type: string, parameter: SearchParameterSource): readonly string[] {
  return unique(
    alternatives(type, parameter)
      .map((part) => plainPath(part))
      .filter(isPath),
  )
}

export function compartmentTable(
  rows: readonly CompartmentRow[],
  parameters: readonly SearchParameterSource[],
): Readonly<Record<string, CompartmentEntry>> {
  const table: Record<string, CompartmentEntry> = {}
  for (const { code: type, param = [] } of rows) {
    if (param.length === 0) continue
    const pathsOfCode = (code: string): readonly string[] =>
      parameters.filter((p) => p.code === code && p.base.includes(type)).flatMap((p) => pathsOf(type, p))
    const all = unique(param.flatMap(pathsOfCode))
    if (all.length === 0) throw new Error(`no element path for ${type}`)
    const preferred = ['patient', 'subject', ...param].find((code) => pathsOfCode(code).length > 0)
    if (preferred === undefined) throw new Error(`no parameter constrains ${type} to a patient`)
    const owner = pathsOfCode(preferred)
    if (!owner.every((path) => all.includes(path))) throw new Error(`${type}.${preferred} leaves the compartment`)
    // The Patient resource is in its own compartment by id; `link` names other people's records, not its owner.
    table[type] =
      type === 'Patient' ? { param: '_id', owner: ['id'], all: ['id', ...all] } : { param: preferred, owner, all }
  }
  return table
}

/**
 * Every search parameter as one word and its arguments: `token code`, `reference Patient Group`, `date`.
 * A token keeps the elements it reads, a reference the types it may point at (`*` for all).
 */
export function searchParameterTable(
  types: readonly string[],
  parameters: readonly SearchParameterSource[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const table: Record<string, Record<string, string>> = {}
  for (const type of types) {
    const row: Record<string, string> = {}
    for (const parameter of parameters.filter((p) => p.base.includes(type)))
      row[parameter.code] = described(type, parameter, types)
    table[type] = Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return table
}

function described(type: string, parameter: SearchParameterSource, types: readonly string[]): string {
  if (parameter.type === 'token') return ['token', ...tokenPaths(type, parameter)].join(' ')
  if (parameter.type !== 'reference') return parameter.type
  const narrowed = alternatives(type, parameter).map((part) => /resolve\(\) is ([A-Za-z]+)/.exec(part)?.[1])
  const targets = narrowed.length > 0 && narrowed.every(isPath) ? unique(narrowed) : (parameter.target ?? ['*'])
  return ['reference', ...(targets.length >= types.length ? ['*'] : [...targets].sort())].join(' ')
}

/** Only if every alternative is a plain path: half a parameter would let a filter miss what the standard matches. */
function tokenPaths(type: string, parameter: SearchParameterSource): readonly string[] {
  const parts = alternatives(type, parameter)
  const paths = parts.map((part) => plainPath(part)).filter(isPath)
  return paths.length === parts.length ? unique(paths) : []
}
