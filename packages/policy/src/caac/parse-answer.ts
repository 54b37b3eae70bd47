import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { Answer, Obligation, Requestable } from '#src/answer.ts'
import { EFFECTS, OBLIGATIONS, ours, REQUESTABLES } from './words.ts'

type Members = Readonly<Record<string, unknown>>

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

function parseObligation(value: unknown): Obligation | undefined {
  if (!isMembers(value)) return undefined
  const { id, egenskaper: properties } = value
  const type = ours(OBLIGATIONS, value['type'])
  return isText(id) && type !== undefined && isMembers(properties) ? { id, type, properties } : undefined
}

function parseRequestable(value: unknown): Requestable | null | undefined {
  if (value === null) return null
  if (!isMembers(value)) return undefined
  const kind = ours(REQUESTABLES, value['type'])
  const { grunnlag: templates } = value
  return kind !== undefined && isTexts(templates) ? { kind, templates } : undefined
}

function parseUntil(value: unknown): Date | null | undefined {
  const at = isText(value) ? new Date(value) : null
  return at === null ? (value === null ? null : undefined) : Number.isNaN(at.getTime()) ? undefined : at
}

const parseTrace = (value: unknown) => {
  if (!isMembers(value)) return undefined
  const { handling: action, bruker: principal, ressurs: resource, omstendigheter: context } = value
  return isText(action) && isText(principal) && isText(resource) && isMembers(context)
    ? { action, principal, resource, context }
    : undefined
}

/** Reads one answer. Whatever is not wholly understood, an obligation above all, is no answer. */
export function parseAnswer(value: unknown): Answer | Problem {
  if (!isMembers(value)) return problem('svar', 'expected a JSON object')
  const { avgjorelse: decisionId, regelverk: policyVersion, regler: rules, kode: reasonCode, begrunnelse } = value
  const { beslutning: careDecision, formal: purpose } = value
  const effect = ours(EFFECTS, value['resultat'])
  const said = Array.isArray(value['vilkar']) ? value['vilkar'] : undefined
  const obligations = said?.map(parseObligation).filter((each) => each !== undefined)
  const [validUntil, requestable] = [parseUntil(value['gyldig_til']), parseRequestable(value['kan_bes_om'])]
  const trace = parseTrace(value['spor'])
  if (effect === undefined || !isText(decisionId) || !isText(policyVersion) || !isTexts(rules) || !isText(reasonCode))
    return problem('svar', 'the answer does not say what was decided')
  if (!isMembers(begrunnelse) || !isText(begrunnelse['nb']) || !isText(begrunnelse['en']))
    return problem('begrunnelse', 'the answer gives no reason')
  if (obligations === undefined || obligations.length !== said?.length)
    return problem('vilkar', 'an obligation is not understood')
  if (validUntil === undefined || requestable === undefined || trace === undefined)
    return problem('svar', 'the answer is not complete')
  if (!isTextOrNull(careDecision) || !isTextOrNull(purpose)) return problem('svar', 'the answer is not complete')
  const reasonText = { nb: begrunnelse['nb'], en: begrunnelse['en'] }
  const what = { effect, decisionId, policyVersion, rules, reasonCode, reasonText, obligations }
  return { ...what, validUntil, careDecision, purpose, requestable, trace }
}
