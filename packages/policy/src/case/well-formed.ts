import { isProblem } from '@uthopp/smart-core/problem'
import { parseFhirId, parseReference } from '@uthopp/smart-core/fhir-id'
import type { Ask } from '#src/decision-point.ts'

/** False of a question no honest enforcement point asks; nothing is looked up for it. */
export function isWellFormed({ subject, circumstance, question }: Ask): boolean {
  const { acr } = circumstance
  if (subject.id === '' || !Number.isInteger(acr) || acr < 0 || acr > 4) return false
  if (circumstance.launchPatient === '') return false
  if ('resource' in question) {
    const { type, id, patient } = question.resource
    // A type or id with a slash in it would be somebody else's name, and what has no name cannot be matched with a block.
    if (!TYPE.test(type) || patient === '' || (id !== null && isProblem(parseFhirId(id)))) return false
    if (id === null && question.action !== 'search' && question.action !== 'create') return false
    return type !== 'Patient' || id === null || patient === id
  }
  if ('reasonChars' in question && !(Number.isSafeInteger(question.reasonChars) && question.reasonChars >= 0))
    return false
  const asks = question.action === 'selfAuthorize' || question.action === 'breakGlass'
  if (asks && circumstance.launchPatient === null) return false
  return question.action !== 'breakGlass' || question.items.every(isReference)
}

const TYPE = /^[A-Z][A-Za-z]{1,63}$/

/** True of `Type/id`, which is how items and documents are named. */
const isReference = (text: string): boolean => !isProblem(parseReference(text))
