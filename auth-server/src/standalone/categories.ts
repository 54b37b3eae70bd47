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

export type Narrowing = { readonly code: string; readonly scope: string }

/** The narrower scopes a person may allow in place of an offered one (SMART App Launch 2.2.0, "Finer-grained resource constraints"). */
export function narrowingsOf(offered: string): readonly Narrowing[] {
  const type = WHOLE.exec(offered)?.groups?.['type'] ?? ''
  return (CATEGORIES.get(type) ?? []).map(({ code, system }) => ({
    code,
    scope: `${offered}?category=${system}|${code}`,
  }))
}

/** What is left of an offer: a ticked scope gives way to the categories chosen for it. */
export function allowedOf(
  offered: readonly string[],
  ticked: ReadonlySet<string>,
  only: ReadonlySet<string>,
): readonly string[] {
  return offered.flatMap((scope) => {
    if (!ticked.has(scope)) return []
    const chosen = narrowingsOf(scope).filter((narrowing) => only.has(narrowing.scope))
    return chosen.length === 0 ? [scope] : chosen.map((narrowing) => narrowing.scope)
  })
}
