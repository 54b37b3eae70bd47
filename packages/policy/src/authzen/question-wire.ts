import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { Ask } from '#src/decision-point.ts'
import { choice, filled, flag, integer, isObject, list, nullable, optional, text } from '#src/json-reading.ts'
import { type Circumstance, DATA_ACTIONS, LETTERS, type Question } from '#src/question.ts'
import { present, tolerant } from './tolerant.ts'

const texts = list(text, 1000)
const ITEM = tolerant({ patient: optional(nullable(filled), null), labels: texts, units: texts, authors: texts })
const LETTER = tolerant({
  level: choice(['patient', 'user', 'system']),
  type: filled,
  letter: choice(LETTERS),
  categories: texts,
  registered: flag,
})
const OTHER = tolerant({ registered: flag })
const ASKING = { reason_chars: integer, confirmed: flag }
const SELF = tolerant({ ...ASKING, template: filled })
const GLASS = tolerant({ ...ASKING, items: list(filled, 100) })

/** Reads what is asked about: `action.name`, and the resource it goes with. */
export function parseQuestion(
  action: string,
  type: string,
  id: string,
  properties: unknown,
  { launchPatient }: Circumstance,
): Question | Problem {
  const at = 'resource.properties'
  const data = DATA_ACTIONS.find((each) => each === action)
  if (data !== undefined) {
    const [kind = '', item, more] = type === 'fhir' ? id.split('/') : [id]
    if (type !== 'fhir' && type !== 'fhir-type')
      return problem('resource.type', '`resource.type` must be fhir or fhir-type')
    if (
      kind === '' ||
      kind.includes('/') ||
      (type === 'fhir') !== (item !== undefined && item !== '') ||
      more !== undefined
    )
      return problem('resource.id', '`resource.id` must be Type/id for fhir and Type for fhir-type')
    const read = ITEM(properties, at)
    return isProblem(read) ? read : { action: data, resource: { type: kind, id: item ?? null, ...read } }
  }
  const expected = RESOURCE.get(action)
  if (expected === undefined) return problem('action.name', '`action.name` is not one of ours')
  if (expected !== type) return problem('resource.type', `\`resource.type\` must be ${expected}`)
  if (action === 'launch') return { action, app: id }
  if (action === 'grantScope') {
    if (isObject(properties) && 'letter' in properties) {
      const letter = LETTER(properties, at)
      return isProblem(letter) ? letter : { action, scope: letter }
    }
    const other = OTHER(properties, at)
    return isProblem(other) ? other : { action, scope: { other: id, registered: other.registered } }
  }
  if (launchPatient !== id)
    return problem('resource.id', '`resource.id` must be the patient of `context.launch_patient`')
  if (action === 'selfAuthorize') {
    const read = SELF(properties, at)
    return isProblem(read)
      ? read
      : { action, template: read.template, reasonChars: read.reason_chars, confirmed: read.confirmed }
  }
  const read = GLASS(properties, at)
  return isProblem(read)
    ? read
    : { action: 'breakGlass', items: read.items, reasonChars: read.reason_chars, confirmed: read.confirmed }
}

const RESOURCE: ReadonlyMap<string, string> = new Map([
  ['launch', 'app'],
  ['grantScope', 'scope'],
  ['selfAuthorize', 'patient'],
  ['breakGlass', 'patient'],
])

/** The inverse: what is asked about as a resource. */
export function formatResource({ question, circumstance }: Ask): Readonly<Record<string, unknown>> {
  switch (question.action) {
    case 'launch':
      return { type: 'app', id: question.app }
    case 'grantScope': {
      const { scope } = question
      if ('other' in scope) return { type: 'scope', id: scope.other, properties: { registered: scope.registered } }
      return { type: 'scope', id: `${scope.level}/${scope.type}.${scope.letter}`, properties: scope }
    }
    case 'selfAuthorize':
    case 'breakGlass': {
      const { reasonChars, confirmed } = question
      const about = question.action === 'breakGlass' ? { items: question.items } : { template: question.template }
      const properties = { ...about, reason_chars: reasonChars, confirmed }
      return { type: 'patient', id: circumstance.launchPatient ?? '', properties }
    }
    default: {
      const { type, id, patient, labels, units, authors } = question.resource
      const named = id === null ? { type: 'fhir-type', id: type } : { type: 'fhir', id: `${type}/${id}` }
      return { ...named, properties: present({ patient, labels, units, authors }) }
    }
  }
}
