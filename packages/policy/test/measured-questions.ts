import assert from 'node:assert/strict'
import type { Ask } from '#src/decision-point.ts'
import type { CaseFacts } from '#src/facts.ts'
import { toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

const LETTER_TYPES = [
  'Observation',
  'Condition',
  'Encounter',
  'Patient',
  'AllergyIntolerance',
  'CarePlan',
  'Goal',
  'Task',
  'DocumentReference',
  'ServiceRequest',
  'Specimen',
  'DiagnosticReport',
  'ImagingStudy',
  'NutritionOrder',
  'Procedure',
] as const

const single = toAsk(named('team-reads-unlabelled'))
const issued = toAsk(named('issue-read'))

/** One read by somebody in the care team. */
export const READ: { readonly ask: Ask; readonly facts: CaseFacts } = single

/** Thirty letters on their way to a token, each a case of its own. */
export const LETTERS: { readonly asks: readonly Ask[]; readonly facts: CaseFacts } = {
  facts: issued.facts,
  asks: LETTER_TYPES.flatMap((type) =>
    (['r', 's'] as const).map((letter) => ({
      ...issued.ask,
      question: {
        action: 'grantScope',
        scope: { level: 'patient', type, letter, categories: [], registered: true },
      },
    })),
  ),
}

/** Rows of a search. Of one type they are one case; `types` makes so many different cases of them. */
export function rowsOf(count: number, types: number): readonly Ask[] {
  const { ask } = single
  const { question } = ask
  assert.ok('resource' in question)
  return Array.from({ length: count }, (_, index) => {
    const type =
      types === 1
        ? question.resource.type
        : `Kind${String.fromCodePoint(65 + ((index % types) % 26))}${'x'.repeat(Math.floor((index % types) / 26))}`
    const resource = { ...question.resource, type, id: `o${index}` }
    return {
      ...ask,
      circumstance: { ...ask.circumstance, grants: ['*.r', '*.s'] },
      question: { ...question, resource },
    }
  })
}
