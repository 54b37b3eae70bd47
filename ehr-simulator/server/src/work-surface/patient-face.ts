import type { AllergyIntolerance, Flag, Patient } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import { hasCode, nameParts, wordOf } from './words.ts'

/** Norwegian identifier systems (norway.md §4.1). */
const NUMBER_KINDS = new Map([
  ['urn:oid:2.16.578.1.12.4.1.4.1', 'fnr'],
  ['urn:oid:2.16.578.1.12.4.1.4.2', 'dnr'],
  ['urn:oid:2.16.578.1.12.4.1.4.3', 'fhn'],
])

/** Allergies that hold, and flags that are raised. */
export type Warnings = { readonly allergies: readonly AllergyIntolerance[]; readonly flags: readonly Flag[] }

export async function readWarnings(store: ChartSource, patient: string): Promise<Warnings> {
  const [allergies, flags] = await Promise.all([
    store.findAll<AllergyIntolerance>(`AllergyIntolerance?patient=${patient}&_count=100`),
    store.findAll<Flag>(`Flag?patient=${patient}&_count=100`),
  ])
  return {
    allergies: allergies.filter(
      ({ clinicalStatus, verificationStatus }) =>
        !hasCode(clinicalStatus, ['inactive', 'resolved']) &&
        !hasCode(verificationStatus, ['refuted', 'entered-in-error']),
    ),
    flags: flags.filter(({ status }) => status === 'active'),
  }
}

/** What names a person on screen. */
export function patientFace(patient: Patient & { id: string }, { allergies, flags }: Warnings) {
  const numbers = (patient.identifier ?? []).flatMap(({ system, value, use }) => {
    const kind = NUMBER_KINDS.get(system ?? '')
    return kind === undefined || value === undefined || use === 'old' ? [] : [{ kind, value }]
  })
  return {
    id: patient.id,
    ...nameParts(patient.name),
    birthDate: patient.birthDate ?? '',
    gender: patient.gender ?? 'unknown',
    number: numbers[0] ?? null,
    hasAllergy: allergies.length > 0,
    hasCriticalInfo: flags.length > 0 || allergies.some(({ criticality }) => criticality === 'high'),
  }
}

/** Most severe first, so that the patient line shows what matters when it is short of room. */
export function criticalFaces({ allergies, flags }: Warnings) {
  const critical = flags.map(({ code }) => ({
    kind: 'critical',
    text: wordOf(code),
    reaction: null,
    severity: 'high',
  }))
  const allergic = allergies.map(({ code, criticality, reaction }) => ({
    kind: 'allergy',
    text: wordOf(code),
    reaction: reaction?.[0]?.manifestation.map(wordOf).filter(Boolean).join(', ') || null,
    severity: criticality === 'high' || criticality === 'low' ? criticality : 'unknown',
  }))
  const rank = ['high', 'low', 'unknown']
  return [...critical, ...allergic].sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity))
}
