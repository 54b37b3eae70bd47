import { type Chart, reference } from './chart.ts'
import { concept, hl7, local, localCanonical, loinc, quantity } from './codings.ts'

/** The six areas of MyPath, scored 0 to 10; seven or more is a red flag (norway.md §7.5). */
const AREAS = [
  ['pain', 'Smerte'],
  ['fatigue', 'Trøtthet'],
  ['nutrition', 'Ernæring'],
  ['physical', 'Fysisk funksjon'],
  ['social', 'Sosial funksjon'],
  ['distress', 'Psykisk belastning'],
] as const

export type Scores = readonly [
  pain: number,
  fatigue: number,
  nutrition: number,
  physical: number,
  social: number,
  distress: number,
]

/** One answer from home: the questionnaire and a score for each area. */
export function writePatientReport(chart: Chart, hoursAgo: number, scores: Scores): void {
  const authored = chart.at(hoursAgo)
  const rows = AREAS.map(([code, name], index) => ({ code, name, score: scores[index] ?? 0 }))
  const response = chart.add('skj', {
    resourceType: 'QuestionnaireResponse',
    questionnaire: localCanonical('Questionnaire', 'mypath'),
    status: 'completed',
    subject: chart.subject,
    authored,
    author: chart.subject,
    source: chart.subject,
    item: rows.map(({ code, name, score }) => ({ linkId: code, text: name, answer: [{ valueInteger: score }] })),
  })
  for (const { code, name, score } of rows) {
    chart.add('obs', {
      resourceType: 'Observation',
      status: 'final',
      subject: chart.subject,
      effectiveDateTime: authored,
      category: [concept('Pasientrapportert', hl7('observation-category', 'survey', 'Survey'))],
      code: concept(
        name,
        local('mypath', code, name),
        ...(code === 'pain' ? [loinc('72514-3', 'Pain severity - 0-10 verbal numeric rating [Score] - Reported')] : []),
      ),
      performer: [chart.subject],
      valueQuantity: quantity(score, 'poeng', '{score}'),
      ...(score >= 7
        ? { interpretation: [concept('Rødt flagg', hl7('v3-ObservationInterpretation', 'H', 'High'))] }
        : {}),
      derivedFrom: [reference(response)],
    })
  }
}
