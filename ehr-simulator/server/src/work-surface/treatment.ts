import type { Condition, MedicationAdministration, MedicationStatement, ServiceRequest, Task } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import type { Names } from './names.ts'
import { codeIn, hasCode, idIn, instantOf, newestFirst, wordOf } from './words.ts'

const ICD_10 = 'urn:oid:2.16.578.1.12.4.1.1.7110'

export async function readConditions(store: ChartSource, patient: string) {
  const found = await store.findAll<Condition>(`Condition?patient=${patient}&_count=100`)
  return found
    .filter(({ clinicalStatus }) => !hasCode(clinicalStatus, ['resolved', 'inactive']))
    .map(({ code, onsetDateTime, recordedDate }) => ({
      text: wordOf(code),
      code: codeIn(code, ICD_10) ?? null,
      since: instantOf(onsetDateTime ?? recordedDate),
    }))
    .sort(newestFirst(({ since }) => since))
}

/** What the patient takes, then the last dose of each thing given here. */
export async function readMedications(store: ChartSource, patient: string) {
  const [statements, doses] = await Promise.all([
    store.findAll<MedicationStatement>(`MedicationStatement?patient=${patient}&_count=100`),
    store.findAll<MedicationAdministration>(`MedicationAdministration?patient=${patient}&_count=200`),
  ])
  const taken = statements
    .filter(({ status }) => status === 'active' || status === 'intended')
    .map(({ medicationCodeableConcept, dosage, effectivePeriod }) => ({
      name: wordOf(medicationCodeableConcept),
      dosage: dosage?.[0]?.text ?? '',
      since: instantOf(effectivePeriod?.start),
      given: false,
    }))
  const given = doses
    .filter(({ status }) => status === 'completed' || status === 'in-progress')
    .map(({ medicationCodeableConcept, dosage, effectiveDateTime, effectivePeriod }) => ({
      name: wordOf(medicationCodeableConcept),
      dosage: dosage?.text ?? '',
      since: instantOf(effectiveDateTime ?? effectivePeriod?.start),
      given: true,
    }))
    .sort(newestFirst(({ since }) => since))
  const last = given.filter(
    (dose, index) => given.findIndex(({ name, dosage }) => name === dose.name && dosage === dose.dosage) === index,
  )
  return [...taken.sort((a, b) => a.name.localeCompare(b.name, 'nb')), ...last]
}

const STATUS_WORDS = new Map([
  ['draft', 'Kladd'],
  ['active', 'Bestilt'],
  ['on-hold', 'På vent'],
  ['revoked', 'Avbestilt'],
  ['completed', 'Utført'],
  ['entered-in-error', 'Feilført'],
  ['unknown', 'Ukjent'],
])

/** How far an order has come is told by its task where there is one. */
export async function readOrders(store: ChartSource, patient: string, names: Names) {
  const [orders, tasks] = await Promise.all([
    store.findAll<ServiceRequest>(`ServiceRequest?patient=${patient}&_sort=-authored&_count=50`),
    store.findAll<Task>(`Task?patient=${patient}&_count=200`),
  ])
  return Promise.all(
    orders.map(async (order) => ({
      id: order.id,
      what: wordOf(order.code) || wordOf(order.category?.[0]),
      status:
        wordOf(tasks.find(({ focus }) => idIn(focus, 'ServiceRequest') === order.id)?.businessStatus) ||
        (STATUS_WORDS.get(order.status) ?? 'Ukjent'),
      urgent: order.priority === 'urgent' || order.priority === 'asap' || order.priority === 'stat',
      at: instantOf(order.authoredOn),
      by: await names.of(order.requester),
    })),
  )
}
