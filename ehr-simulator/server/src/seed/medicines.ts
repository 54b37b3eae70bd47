import { type Chart, profile, reference } from './chart.ts'
import { concept, quantity } from './codings.ts'

/** A medicine in use; the code is ATC. */
export const writeMedicine = (
  chart: Chart,
  medicine: {
    readonly name: string
    readonly atc: string
    readonly dosage: string
    readonly sinceDaysAgo: number
    readonly stoppedDaysAgo?: number
  },
): string =>
  chart.add('leg', {
    resourceType: 'MedicationStatement',
    meta: profile('MedicationStatement'),
    status: medicine.stoppedDaysAgo === undefined ? 'active' : 'completed',
    medicationCodeableConcept: concept(medicine.name, {
      system: 'http://www.whocc.no/atc',
      code: medicine.atc,
      display: medicine.name,
    }),
    subject: chart.subject,
    effectivePeriod: {
      start: chart.day(medicine.sinceDaysAgo),
      ...(medicine.stoppedDaysAgo === undefined ? {} : { end: chart.day(medicine.stoppedDaysAgo) }),
    },
    dateAsserted: chart.day(Math.min(1, medicine.sinceDaysAgo)),
    dosage: [{ text: medicine.dosage }],
  })

const DOSE_UNITS = { mg: 'mg', g: 'g', ml: 'mL', IE: '[iU]' } as const

export type Dose = {
  readonly name: string
  readonly atc: string
  readonly amount: readonly [value: number, unit: keyof typeof DOSE_UNITS]
  readonly route: string
  readonly hoursAgo: number
  readonly by: string
}

/** A dose actually given. */
export const giveMedicine = (chart: Chart, { name, atc, amount: [value, unit], route, hoursAgo, by }: Dose): string =>
  chart.add('giv', {
    resourceType: 'MedicationAdministration',
    status: 'completed',
    medicationCodeableConcept: concept(name, { system: 'http://www.whocc.no/atc', code: atc, display: name }),
    subject: chart.subject,
    context: chart.encounter,
    effectiveDateTime: chart.at(hoursAgo),
    performer: [{ actor: reference(by) }],
    dosage: {
      text: `${String(value).replace('.', ',')} ${unit} ${route}`,
      dose: quantity(value, unit, DOSE_UNITS[unit]),
    },
  })
