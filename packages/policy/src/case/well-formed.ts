import { isProblem } from '@uthopp/smart-core/problem'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import type { Ask } from '#src/decision-point.ts'

/** False of a question no honest enforcement point asks; nothing is looked up for it. */
export function isWellFormed({ subject, circumstance, question }: Ask): boolean {
  const { acr } = circumstance
  if (subject.id === '' || !Number.isInteger(acr) || acr < 0 || acr > 4) return false
  if (circumstance.launchPatient === '') return false
  if ('resource' in question) {
    const { type, id, patient } = question.resource
    if (type === '' || id === '' || patient === '') return false
    return type !== 'Patient' || id === null || patient === id
  }
  if ('reasonChars' in question && !(Number.isSafeInteger(question.reasonChars) && question.reasonChars >= 0))
    return false
  const asks = question.action === 'selfAuthorize' || question.action === 'breakGlass'
  if (asks && circumstance.launchPatient === null) return false
  return question.action !== 'breakGlass' || question.items.every(isReference)
}

/** True of `Type/id`, which is how items and documents are named. */
const isReference = (text: string): boolean => !isProblem(parseReference(text))
