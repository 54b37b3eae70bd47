import type { Patient } from '@medplum/fhirtypes'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { GuardedChart } from './access/chart-guard.ts'
import { readAppTasks } from './app-tasks.ts'
import { readLabs } from './labs.ts'
import { createNames } from './names.ts'
import { readDocuments, readImaging } from './papers.ts'
import { criticalFaces, patientFace, readWarnings } from './patient-face.ts'
import { encounterFace, readStays } from './stays.ts'
import { readConditions, readMedications, readOrders } from './treatment.ts'
import { readVitals } from './vitals.ts'

type Trust = { readonly deployment: Deployment; readonly tenant: string }
type Asked = { readonly patient: string; readonly present: Pick<OnDuty, 'user' | 'role'>; readonly now: Date }

/** What the panels of the chart are made of. Where one is closed to a role, its emptiness says nothing of the patient. */
const SHOWN_TYPES = [
  'AllergyIntolerance',
  'Flag',
  'Observation',
  'DocumentReference',
  'ImagingStudy',
  'Condition',
  'MedicationStatement',
  'ServiceRequest',
] as const

/** The chart as the work surface shows it, read from what policy shows of the host's own store; undefined without a patient. */
export async function readChart(source: GuardedChart, { deployment, tenant }: Trust, asked: Asked) {
  const { patient: id, present, now } = asked
  const patient = await source.find<Patient>('Patient', id)
  if (patient === undefined) return undefined
  const names = createNames(source)
  const [warnings, stays, vitals, labs, conditions, medications, orders, imaging, documents, tasks] = await Promise.all(
    [
      readWarnings(source, id),
      readStays(source, id),
      readVitals(source, id),
      readLabs(source, id, tenant, names),
      readConditions(source, id),
      readMedications(source, id),
      readOrders(source, id, names),
      readImaging(source, id),
      readDocuments(source, id, names),
      readAppTasks(source, id, { deployment, present, names }),
    ],
  )
  const opened = source.opened()
  const closed = await source.closed(SHOWN_TYPES)
  return {
    patient: patientFace(patient, warnings),
    now: now.toISOString(),
    contact: contactOf(patient),
    critical: criticalFaces(warnings),
    encounters: await Promise.all(stays.map((stay) => encounterFace(stay, names))),
    conditions,
    vitals: vitals.series,
    oxygenScale2: vitals.oxygenScale2,
    news2Three: vitals.news2Three,
    labs,
    medications,
    orders,
    imaging,
    documents: documents.map((document) => ({ ...document, opened: opened.has(`DocumentReference/${document.id}`) })),
    tasks,
    closed,
    // Only what this very person could open comes to light here: to others it is as if it were not there.
    mayOpenBlocked: source.blocked().length > 0,
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
