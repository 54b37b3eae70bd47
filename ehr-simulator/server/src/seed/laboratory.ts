import type { DiagnosticReport, Observation, ServiceRequest, Task } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, hl7, localIdentifier, quantity, snomed } from './codings.ts'
import { type Analysis, type AnalysisName, analyses, HEMOGLOBIN_OF_MEN } from './laboratory-catalogue.ts'
import { OUS } from './units.ts'

export type Values = Readonly<Partial<Record<AnalysisName, number>>>

/** One blood sample from order to answer. */
export type LaboratoryOrder = {
  readonly title: string
  /** When the order was written; taken 15 min, received 47 min and answered 183 min later, as far as time has passed. */
  readonly hoursAgo: number
  readonly values: Values
  readonly requester: string
  readonly encounter?: string
  readonly urgent?: boolean
  readonly conclusion?: string
}

const LABORATORY = [concept('Laboratorium', hl7('observation-category', 'laboratory', 'Laboratory'))]
const HOURS = { taken: 0.25, received: 0.78, answered: 3.05 }

function limitsOf(name: AnalysisName, chart: Chart): Analysis {
  const entry: Analysis = analyses[name]
  return name === 'hemoglobin' && chart.patient.gender === 'male' ? { ...entry, ...HEMOGLOBIN_OF_MEN } : entry
}

function interpretationOf(value: number, limits: Analysis): readonly [code: string, display: string] | undefined {
  if (limits.criticalHigh !== undefined && value >= limits.criticalHigh) return ['HH', 'Kritisk høy']
  if (limits.criticalLow !== undefined && value <= limits.criticalLow) return ['LL', 'Kritisk lav']
  if (limits.high !== undefined && value > limits.high) return ['H', 'Høy']
  if (limits.low !== undefined && value < limits.low) return ['L', 'Lav']
  return ['N', 'Normal']
}

function rangeOf(limits: Analysis): NonNullable<Observation['referenceRange']> {
  const { low, high, unit, ucum, decimals } = limits
  const shown = (value: number): string => value.toFixed(decimals).replace('.', ',')
  const text =
    low === undefined
      ? `< ${shown(high ?? 0)}`
      : high === undefined
        ? `> ${shown(low)}`
        : `${shown(low)}–${shown(high)}`
  return [
    {
      ...(low === undefined ? {} : { low: quantity(low, unit, ucum) }),
      ...(high === undefined ? {} : { high: quantity(high, unit, ucum) }),
      text: `${text} ${unit}`,
    },
  ]
}

const laboratoryOf = (chart: Chart) =>
  chart.patient.trust === OUS
    ? reference('Organization/afa109', 'Avdeling for medisinsk biokjemi')
    : reference('Organization/afa204', 'Tverrfaglig laboratoriemedisin')

type Progress = {
  readonly request: ServiceRequest['status']
  readonly task: Task['status']
  readonly taskText: string
  readonly report: DiagnosticReport['status']
}

/** How far an order has come; the words are those of the order list (norway.md §7.4). */
function progressOf(hoursAgo: number): Progress {
  if (hoursAgo < HOURS.taken) return { request: 'active', task: 'requested', taskText: 'Bestilt', report: 'registered' }
  if (hoursAgo < HOURS.received)
    return { request: 'active', task: 'accepted', taskText: 'Prøve tatt', report: 'registered' }
  if (hoursAgo < HOURS.answered)
    return { request: 'active', task: 'in-progress', taskText: 'Under analyse', report: 'preliminary' }
  return { request: 'completed', task: 'completed', taskText: 'Endelig', report: 'final' }
}

/** Writes request, task, specimen, results and report; answers the references of report and results by name. */
export function orderLaboratory(chart: Chart, order: LaboratoryOrder) {
  const { hoursAgo } = order
  const progress = progressOf(hoursAgo)
  const encounter = reference(`Encounter/${order.encounter ?? chart.patient.encounter}`)
  const names = Object.keys(order.values) as readonly AnalysisName[] // Values has no other keys
  const request = chart.add('bes', {
    resourceType: 'ServiceRequest',
    identifier: [localIdentifier('rekvisisjon', `${chart.patient.patient.slice(3)}${Math.round(hoursAgo * 4)}`)],
    status: progress.request,
    intent: 'order',
    category: [concept('Laboratorium', snomed('108252007', 'Laboratory procedure'))],
    priority: order.urgent ? 'urgent' : 'routine',
    code: concept(order.title),
    subject: chart.subject,
    encounter,
    authoredOn: chart.at(hoursAgo),
    requester: reference(order.requester),
    performer: [laboratoryOf(chart)],
  })
  chart.add('opg', {
    resourceType: 'Task',
    status: progress.task,
    businessStatus: concept(progress.taskText),
    intent: 'order',
    priority: order.urgent ? 'urgent' : 'routine',
    code: concept('Utfør bestilling', hl7('task-code', 'fulfill', 'Fulfill the focal request')),
    focus: reference(request, order.title),
    for: chart.subject,
    encounter,
    authoredOn: chart.at(hoursAgo),
    lastModified: chart.at(Math.max(0, hoursAgo - HOURS.answered)),
    requester: reference(order.requester),
    owner: laboratoryOf(chart),
  })
  if (progress.task === 'requested') return { request, report: undefined, results: new Map<AnalysisName, string>() }
  const specimen = chart.add('pre', {
    resourceType: 'Specimen',
    status: 'available',
    type: concept('Blod', snomed('119297000', 'Blood specimen')),
    subject: chart.subject,
    ...(hoursAgo < HOURS.received ? {} : { receivedTime: chart.at(hoursAgo - HOURS.received) }),
    request: [reference(request)],
    collection: { collectedDateTime: chart.at(hoursAgo - HOURS.taken) },
  })
  const final = progress.report === 'final'
  const ready = final ? names : progress.report === 'preliminary' ? names.slice(0, Math.ceil(names.length / 2)) : []
  const issued = chart.at(Math.max(0.05, hoursAgo - HOURS.answered))
  const results = new Map(
    ready.map((name) => {
      const limits = limitsOf(name, chart)
      const value = Number((order.values[name] ?? 0).toFixed(limits.decimals))
      const interpretation = interpretationOf(value, limits)
      const result: Observation = {
        resourceType: 'Observation',
        status: final ? 'final' : 'preliminary',
        category: LABORATORY,
        code: limits.code,
        basedOn: [reference(request)],
        subject: chart.subject,
        encounter,
        effectiveDateTime: chart.at(hoursAgo - HOURS.taken),
        issued,
        performer: [laboratoryOf(chart)],
        valueQuantity: quantity(value, limits.unit, limits.ucum),
        ...(interpretation
          ? { interpretation: [concept(interpretation[1], hl7('v3-ObservationInterpretation', interpretation[0]))] }
          : {}),
        specimen: reference(specimen),
        referenceRange: rangeOf(limits),
      }
      return [name, chart.add('obs', result)] as const
    }),
  )
  const report = chart.add('sva', {
    resourceType: 'DiagnosticReport',
    basedOn: [reference(request)],
    status: progress.report,
    category: [concept('Laboratorium', hl7('v2-0074', 'LAB', 'Laboratory'))],
    code: concept(order.title),
    subject: chart.subject,
    encounter,
    effectiveDateTime: chart.at(hoursAgo - HOURS.taken),
    issued,
    performer: [laboratoryOf(chart)],
    specimen: [reference(specimen)],
    result: [...results.values()].map((result) => reference(result)),
    ...(order.conclusion && final ? { conclusion: order.conclusion } : {}),
  })
  return { request, report, results }
}
