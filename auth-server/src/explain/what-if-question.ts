import { list, type MemberReader, nullable, readMembers, text } from '@uthopp/server-kit/members'
import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import type { Assurance } from '@uthopp/smart-core/launch'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { BookChange } from './book-task.ts'

const MOST_RULES = 200
const LONGEST_RULE = 20_000

/** One case nobody has asked about: who would open what for whom, and what for. */
export type WhatIf = {
  readonly user: string
  readonly role: string | null
  readonly clientId: string
  readonly patient: string | null
  readonly purpose: string | null
  readonly decision: string | null
  readonly acr: Assurance
  /** Absent: now. */
  readonly at: Date | undefined
  /** Absent: everything the app is registered for. */
  readonly scope: string | undefined
  /** Labels of the things that would be read, `system|code`. */
  readonly labels: readonly string[]
  readonly change: BookChange | null
}

const fhirId: MemberReader<string> = (value, name) => {
  const id = typeof value === 'string' ? parseFhirId(value) : undefined
  return id === undefined || isProblem(id) ? problem(name, `\`${name}\` must be a FHIR id`) : id
}

const scopes: MemberReader<string> = (value, name) =>
  typeof value === 'string' && value.length <= 8000 ? value : problem(name, `\`${name}\` must be a list of scopes`)

const LEVELS = [0, 1, 2, 3, 4] as const satisfies readonly Assurance[]
const assurance: MemberReader<Assurance> = (value, name) =>
  LEVELS.find((level) => level === value) ?? problem(name, `\`${name}\` must be an integer from 0 to 4`)

const instant: MemberReader<Date> = (value, name) => {
  const at = typeof value === 'string' ? new Date(value) : undefined
  return at === undefined || Number.isNaN(at.getTime()) ? problem(name, `\`${name}\` must be a moment`) : at
}

/** An object in a reader's clothes, because what a reader answers must not look like a problem. */
const changes: MemberReader<{ readonly change: BookChange }> = (value, name) => {
  const change = parseChange(value, name)
  return isProblem(change) ? change : { change }
}

/** Rules by id, each a text, or null to leave one out. */
export function parseChange(value: unknown, name: string): BookChange | Problem {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return problem(name, `\`${name}\` must be an object`)
  const entries = Object.entries(value)
  if (entries.length > MOST_RULES) return problem(name, `\`${name}\` has too many rules`)
  const change = new Map<string, string | null>()
  for (const [id, rule] of entries) {
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(id)) return problem(name, `\`${name}\` has a rule with no proper id`)
    if (rule !== null && (typeof rule !== 'string' || rule.length > LONGEST_RULE))
      return problem(name, `\`${name}.${id}\` must be the text of a rule, or null`)
    change.set(id, rule)
  }
  return change
}

const SHAPE = {
  required: { user: fhirId, client_id: text },
  optional: {
    role: nullable(fhirId),
    patient: nullable(fhirId),
    purpose: nullable(text),
    decision: nullable(text),
    acr: assurance,
    at: instant,
    scope: scopes,
    labels: list(text),
    rules: changes,
  },
} as const

/** Reads the body of a what-if. */
export function parseWhatIf(body: unknown): WhatIf | Problem {
  const read = readMembers(body, SHAPE)
  if (isProblem(read)) return read
  return {
    user: read.user,
    role: read.role ?? null,
    clientId: read.client_id,
    patient: read.patient ?? null,
    purpose: read.purpose ?? null,
    decision: read.decision ?? null,
    acr: read.acr ?? 0,
    at: read.at,
    scope: read.scope,
    labels: read.labels ?? [],
    change: read.rules?.change ?? null,
  }
}
