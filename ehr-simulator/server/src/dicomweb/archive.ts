import type { ImagingStudy } from '@medplum/fhirtypes'
import type { FhirStore } from '#src/fhir/repository.ts'
import { instanceUid, type SeriesPlan, studies, type StudyPlan } from '#src/seed/imaging.ts'
import { patientsOf } from '#src/seed/people.ts'
import type { SeededPatient } from '#src/seed/person.ts'

/** A study the archive holds: planned by the seed, present in the store, taken when the store says. */
export type HeldStudy = { readonly plan: StudyPlan; readonly patient: SeededPatient; readonly taken: Date }

export type HeldInstance = HeldStudy & {
  readonly series: SeriesPlan
  /** From 1. */
  readonly number: number
  readonly instanceUid: string
}

/** The studies of a trust; one whose ImagingStudy has gone from the store is not held any more. */
export async function heldStudies(store: FhirStore, orgnr: string): Promise<readonly HeldStudy[]> {
  const own = studies.filter(({ trust }) => trust === orgnr)
  const held = await Promise.all(own.map((plan) => heldStudy(store, plan)))
  return held.filter((study) => study !== undefined)
}

async function heldStudy(store: FhirStore, plan: StudyPlan): Promise<HeldStudy | undefined> {
  const resource = await store.find<ImagingStudy>('ImagingStudy', plan.study)
  const patient = patientsOf(plan.trust).find((person) => person.patient === plan.patient)
  if (!resource?.started || !patient) return undefined
  return { plan, patient, taken: new Date(resource.started) }
}

/** One study by its UID, or undefined. */
export async function findStudy(store: FhirStore, orgnr: string, studyUid: string): Promise<HeldStudy | undefined> {
  const plan = studies.find((candidate) => candidate.trust === orgnr && candidate.studyUid === studyUid)
  return plan && heldStudy(store, plan)
}

/** The images of a study, or of one of its series, or that one image; none where a UID is unknown. */
export function instancesOf(study: HeldStudy, seriesUid?: string, wanted?: string): readonly HeldInstance[] {
  return study.plan.series
    .filter((series) => seriesUid === undefined || series.seriesUid === seriesUid)
    .flatMap((series) =>
      Array.from({ length: series.instances }, (_, index) => ({
        ...study,
        series,
        number: index + 1,
        instanceUid: instanceUid(series.seriesUid, index + 1),
      })),
    )
    .filter((instance) => wanted === undefined || instance.instanceUid === wanted)
}
