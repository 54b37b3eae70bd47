import type { Patient } from '@medplum/fhirtypes'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { FhirStore } from '#src/fhir/repository.ts'
import { readAppTasks } from './app-tasks.ts'
import { readLabs } from './labs.ts'
import { createNames } from './names.ts'
import { readDocuments, readImaging } from './papers.ts'
import { criticalFaces, patientFace, readWarnings } from './patient-face.ts'
import { encounterFace, readStays } from './stays.ts'
import { readConditions, readMedications, readOrders } from './treatment.ts'
import { readVitals } from './vitals.ts'

/** The chart as the work surface shows it, read from the host's own store; undefined when there is no such patient. */
export async function readChart(
  {
    store,
    deployment,
    tenant,
  }: { readonly store: FhirStore; readonly deployment: Deployment; readonly tenant: string },
  id: string,
  now: Date,
) {
  const patient = await store.find<Patient>('Patient', id)
  if (patient === undefined) return undefined
  const names = createNames(store)
  const [warnings, stays, vitals, labs, conditions, medications, orders, imaging, documents, tasks] = await Promise.all(
    [
      readWarnings(store, id),
      readStays(store, id),
      readVitals(store, id),
      readLabs(store, id, tenant, names),
      readConditions(store, id),
      readMedications(store, id),
      readOrders(store, id, names),
      readImaging(store, id),
      readDocuments(store, id, names),
      readAppTasks(store, id, deployment, names),
    ],
  )
  return {
    patient: patientFace(patient, warnings),
    now: now.toISOString(),
    contact: contactOf(patient),
    critical: criticalFaces(warnings),
    encounters: await Promise.all(stays.map((stay) => encounterFace(stay, names))),
    conditions,
    vitals: vitals.series,
    oxygenScale2: vitals.oxygenScale2,
    labs,
    medications,
    orders,
    imaging,
    documents,
    tasks,
  }
}

/** `+47 68 05 20 04`: a Norwegian number in pairs, any other as it stands. */
export const formatPhone = (number: string): string =>
  number.replace(/^\+47(\d\d)(\d\d)(\d\d)(\d\d)$/, '+47 $1 $2 $3 $4')

/** Facts one looks up before a call. */
function contactOf(patient: Patient): readonly { readonly label: string; readonly value: string }[] {
  const address = patient.address?.[0]
  const street = [address?.line?.join(', '), [address?.postalCode, address?.city].filter(Boolean).join(' ')]
  const facts = [
    { label: 'Adresse', value: street.filter(Boolean).join(', ') },
    { label: 'Telefon', value: formatPhone(patient.telecom?.find(({ system }) => system === 'phone')?.value ?? '') },
    { label: 'Fastlege', value: patient.generalPractitioner?.[0]?.display ?? '' },
    { label: 'Språk', value: patient.communication?.[0]?.language.text ?? '' },
  ]
  return facts.filter(({ value }) => value !== '')
}
