import { choice, flag, integer, list, type MemberReader, nullable, readMembers } from '@uthopp/server-kit/members'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { AuditActor, AuditDetail, AuditedDecision, AuditedMatter, AuditedPolicy } from './record.ts'

const MOST_IDS = 1000
const MOST_DETAILS = 32
const LONGEST_TRACE = 64_000

const shaped =
  (shape: RegExp, expected: string): MemberReader<string> =>
  (value, name) =>
    typeof value === 'string' && shape.test(value) ? value : problem(name, `\`${name}\` must be ${expected}`)

/**
 * Eleven digits that stand alone are a number the state gave somebody, and those stay out of the log whatever sent them. Trace
 * ids and UIDs of images hold such runs by chance, between letters and dots.
 */
const NATIONAL_ID = /(?<![\w.])\d{6}[ -]?\d{5}(?![\w.])/
const withoutNationalId =
  (read: MemberReader<string>): MemberReader<string> =>
  (value, name) => {
    const got = read(value, name)
    return typeof got === 'string' && NATIONAL_ID.test(got)
      ? problem(name, `\`${name}\` looks like a national id, and the log holds none`)
      : got
  }

export const fhirId = withoutNationalId(shaped(/^[A-Za-z0-9.-]{1,64}$/, 'an id'))
/** Ids of clients, launches and the like: whatever stands in one line without spaces. */
export const plainId = withoutNationalId(shaped(/^[\x21-\x7e]{1,256}$/, 'an id'))
export const code = shaped(/^[A-Za-z0-9][\w.:/*-]{0,127}$/, 'a code')
/** Names between ampersands. A value would need an equals sign, which no name has. */
const queryNames = shaped(/^[\w.:-]{1,100}(?:&[\w.:-]{1,100}){0,99}$/, 'names of parameters')

const longList =
  <T>(read: MemberReader<T>, most: number): MemberReader<readonly Exclude<T, Problem>[]> =>
  (value, name) => {
    if (!Array.isArray(value) || value.length > most) return problem(name, `\`${name}\` must be a list`)
    const entries: Exclude<T, Problem>[] = []
    for (const entry of value) {
      const got = read(entry, name)
      if (isProblem(got)) return got
      entries.push(got as Exclude<T, Problem>) // the line above took the problems out
    }
    return entries
  }

const ACTOR = {
  required: { kind: choice(['clinician', 'citizen', 'client', 'system']), id: plainId, role: nullable(fhirId) },
} as const

export const actor: MemberReader<AuditActor> = (value) => readMembers(value, ACTOR)

const DECISION = { required: { id: plainId, template: nullable(code), user_selected: flag } } as const

export const decision: MemberReader<AuditedDecision> = (value) => {
  const got = readMembers(value, DECISION)
  return isProblem(got) ? got : { id: got.id, template: got.template, userSelected: got.user_selected }
}

const MATTER = {
  required: {
    interaction: nullable(code),
    type: nullable(code),
    ids: longList(plainId, MOST_IDS),
    count: nullable(integer),
    query: nullable(queryNames),
  },
} as const

export const matter: MemberReader<AuditedMatter> = (value) => readMembers(value, MATTER)

const trace: MemberReader<{ readonly json: unknown }> = (value, name) =>
  JSON.stringify(value ?? null).length <= LONGEST_TRACE ? { json: value } : problem(name, `\`${name}\` is too long`)

/** Nothing where no rule book answered: that nobody could decide is written down like any other answer. */
const ruleBook: MemberReader<string> = (value, name) => (value === '' ? '' : plainId(value, name))

const POLICY = {
  required: {
    decision_id: plainId,
    version: ruleBook,
    effect: choice(['permit', 'deny']),
    rules: list(plainId),
    reason_code: code,
    trace,
  },
} as const

export const policy: MemberReader<AuditedPolicy> = (value) => {
  const got = readMembers(value, POLICY)
  if (isProblem(got)) return got
  const { decision_id: decisionId, reason_code: reasonCode, trace: said, ...rest } = got
  return { ...rest, decisionId, reasonCode, trace: said.json ?? null }
}

const detailText = withoutNationalId(shaped(/^[^\p{Cc}]{0,500}$/u, 'a short text'))

export const detail: MemberReader<AuditDetail> = (value, name) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return problem(name, `\`${name}\` must be an object`)
  const entries = Object.entries(value)
  if (entries.length > MOST_DETAILS) return problem(name, `\`${name}\` has too many members`)
  const read: [string, string | number | boolean | readonly string[]][] = []
  for (const [key, member] of entries) {
    if (!/^[a-zA-Z][\w-]{0,63}$/.test(key)) return problem(name, `\`${name}\` has a member with no proper name`)
    const got = detailMember(member, `${name}.${key}`)
    if (isProblem(got)) return got
    read.push([key, got])
  }
  return Object.fromEntries(read)
}

function detailMember(value: unknown, name: string): string | number | boolean | readonly string[] | Problem {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : problem(name, `\`${name}\` must be a number`)
  return Array.isArray(value) ? longList(detailText, 200)(value, name) : detailText(value, name)
}
