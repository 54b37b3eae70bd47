const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
export const BLOCKING = 'urn:oid:2.16.578.1.12.4.1.1.9603'
/** Says how data came about, not who may see them. */
const NEUTRAL: ReadonlySet<string> = new Set(['http://terminology.hl7.org/CodeSystem/v3-ActReason|HTEST'])

const LEVELS: ReadonlyMap<string, number> = new Map([
  ['U', 0],
  ['L', 1],
  ['M', 1],
  ['N', 1],
  ['R', 2],
  ['V', 3],
])

/** 0 demographics, 1 ordinary, 2 restricted, 3 very restricted (psychiatry, violence and threats, own employee). */
export type Sensitivity = 0 | 1 | 2 | 3
const UNLABELLED = 2
const UNKNOWN = 3

export type LabelMeaning = {
  readonly sensitivity: number
  /** Volven 9603 NORS: blocked by the patient, for clinicians. */
  readonly blocked: boolean
  /** Volven 9603 NORU and NORN_*: kept from the citizen, and from nobody else. */
  readonly withheld: boolean
}

/** Reads `meta.security`, each `system|code`. What nobody has labelled may be restricted; what nobody knows may be anything. */
export function readLabels(type: string, labels: readonly string[]): LabelMeaning {
  let sensitivity: number | undefined
  let blocked = false
  let withheld = false
  for (const label of labels) {
    const bar = label.lastIndexOf('|')
    const [system, code] = [label.slice(0, Math.max(bar, 0)), label.slice(bar + 1)]
    if (system === BLOCKING) {
      // A code added to 9603 after this was written limits somebody: until it is known whom, it limits everybody.
      if (code === 'NORS') blocked = true
      else if (code === 'NORU' || code.startsWith('NORN_')) withheld = true
      else if (code !== 'N') [blocked, withheld] = [true, true]
    } else if (!NEUTRAL.has(label)) {
      const level = system === CONFIDENTIALITY ? (LEVELS.get(code) ?? UNKNOWN) : UNKNOWN
      sensitivity = Math.max(sensitivity ?? 0, level)
    }
  }
  return { sensitivity: sensitivity ?? (type === 'Patient' ? 0 : UNLABELLED), blocked, withheld }
}

const CATEGORIES: ReadonlyMap<string, Sensitivity> = new Map([
  ['vital-signs', 1],
  ['psykiatri', 3],
  ['vold-og-trusler', 3],
  ['egen-ansatt', 3],
])

/** How sensitive what a scope asks for may be: the type's own level, or that of the categories it is held to. */
export function sensitivityOfScope(type: string, categories: readonly string[]): Sensitivity {
  if (type === 'Patient') return 0
  const levels = categories.map(
    (category) => CATEGORIES.get(category.slice(category.lastIndexOf('|') + 1)) ?? UNLABELLED,
  )
  return levels.reduce<Sensitivity>(
    (most, level) => (level > most ? level : most),
    levels.length === 0 ? UNLABELLED : 0,
  )
}
