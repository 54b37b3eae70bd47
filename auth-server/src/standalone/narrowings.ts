import { isPatientType } from '@uthopp/smart-core/fhir/patient-compartment'
import { TYPE_NAMES } from '@uthopp/smart-core/scope/type-names'

const HL7 = 'http://terminology.hl7.org/CodeSystem'

const of = (system: string, codes: readonly string[]) => codes.map((code) => ({ code, system }))

/** The categories a person can narrow a type to, by the code system its `category` uses in FHIR R4 and US Core. */
const CATEGORIES = new Map([
  [
    'Observation',
    of(`${HL7}/observation-category`, [
      'laboratory',
      'vital-signs',
      'social-history',
      'survey',
      'imaging',
      'procedure',
      'exam',
      'therapy',
      'activity',
    ]),
  ],
  [
    'Condition',
    [
      ...of(`${HL7}/condition-category`, ['problem-list-item', 'encounter-diagnosis']),
      ...of('http://hl7.org/fhir/us/core/CodeSystem/condition-category', ['health-concern']),
    ],
  ],
])

/** A whole type in words of SMART v2; the words of v1 take no condition. */
const WHOLE = /^(?:patient|user)\/(?<type>Observation|Condition)\.(?=[cruds])c?r?u?d?s?$/

/** Everything there is, in words of either dialect. */
const WILDCARD = /^(?<level>patient|user)\/\*\.(?<words>[a-z]+|\*)$/

export type Narrowing = {
  readonly scope: string
  /** The scope of the whole type that this is, or is a part of. */
  readonly whole: string
  /** The one type of everything; undefined where only one was offered. */
  readonly type: string | undefined
  /** The category; undefined for a whole type. */
  readonly code: string | undefined
}

function categoriesOf(whole: string, type?: string): readonly Narrowing[] {
  const narrowed = WHOLE.exec(whole)?.groups?.['type'] ?? ''
  return (CATEGORIES.get(narrowed) ?? []).map(({ code, system }) => ({
    scope: `${whole}?category=${system}|${code}`,
    whole,
    type,
    code,
  }))
}

/** Types that people have a word for; the others belong to apps that ask for them by name. */
function typesOf(wildcard: string): readonly Narrowing[] {
  const { level, words } = WILDCARD.exec(wildcard)?.groups ?? {}
  if (level === undefined || words === undefined) return []
  const types = Object.keys(TYPE_NAMES).filter((type) => level === 'user' || type === 'Patient' || isPatientType(type))
  return types.flatMap((type) => {
    const scope = `${level}/${type}.${words}`
    return [{ scope, whole: scope, type, code: undefined }, ...categoriesOf(scope, type)]
  })
}

/** The narrower scopes a person may allow in place of an offered one (SMART App Launch 2.2.0, "Finer-grained resource constraints"; SAL-64). */
export const narrowingsOf = (offered: string): readonly Narrowing[] =>
  WILDCARD.test(offered) ? typesOf(offered) : categoriesOf(offered)

/** False for a narrowing that belongs to no offer: what was meant by it is not known, so nothing may be granted for it. */
export const areNarrowings = (offered: readonly string[], only: readonly string[]): boolean => {
  const possible = new Set(offered.flatMap((scope) => narrowingsOf(scope).map((narrowing) => narrowing.scope)))
  return only.every((scope) => possible.has(scope))
}

/** What is left of an offer: a ticked scope gives way to what was chosen for it, and a type chosen whole to none of its parts. */
export function allowedOf(
  offered: readonly string[],
  ticked: ReadonlySet<string>,
  only: ReadonlySet<string>,
): readonly string[] {
  return offered.flatMap((scope) => {
    if (!ticked.has(scope)) return []
    const chosen = narrowingsOf(scope).filter((narrowing) => only.has(narrowing.scope))
    const kept = chosen.filter(({ code, whole }) => code === undefined || whole === scope || !only.has(whole))
    return kept.length === 0 ? [scope] : kept.map((narrowing) => narrowing.scope)
  })
}
