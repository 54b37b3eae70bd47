import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { Answer, Obligation } from '#src/answer.ts'
import { textOf } from '#src/answer/reasons.ts'
import { filled, instant, isObject, list, nullable, object, type Reader, text } from '#src/json-reading.ts'
import { EFFECTS, OBLIGATIONS, ours, REQUESTABLES } from './words.ts'

const members: Reader<Readonly<Record<string, unknown>>> = (value, path) =>
  isObject(value) ? value : problem(path, `\`${path}\` must be an object`)

const word =
  <const W extends Readonly<Record<string, string>>>(words: W): Reader<keyof W> =>
  (value, path) =>
    ours(words, value) ?? problem(path, `\`${path}\` must be one of ${Object.values(words).join(', ')}`)

const ANSWER = object(
  {
    resultat: word(EFFECTS),
    avgjorelse: filled,
    regelverk: text,
    regler: list(filled),
    kode: filled,
    begrunnelse: object({ nb: text, en: text }, false),
    vilkar: list(object({ id: filled, type: filled, egenskaper: members }, false), 50),
    gyldig_til: nullable(instant),
    beslutning: nullable(filled),
    formal: nullable(filled),
    kan_bes_om: nullable(object({ type: word(REQUESTABLES), grunnlag: list(filled, 50) }, false)),
    spor: object({ handling: text, bruker: text, ressurs: text, omstendigheter: members }, false),
  },
  false,
)

/** Reads one answer; a permit on terms nobody here knows becomes a deny (AZ-46). */
export function parseAnswer(value: unknown): Answer | Problem {
  const read = ANSWER(value, '')
  if (isProblem(read)) return read
  const obligations = read.vilkar.flatMap(({ id, type, egenskaper: properties }): readonly Obligation[] => {
    const known = ours(OBLIGATIONS, type)
    return known === undefined ? [] : [{ id, type: known, properties }]
  })
  const refused = read.resultat === 'permit' && obligations.length < read.vilkar.length
  return {
    effect: refused ? 'deny' : read.resultat,
    decisionId: read.avgjorelse,
    policyVersion: read.regelverk,
    rules: read.regler,
    reasonCode: refused ? 'obligation-unknown' : read.kode,
    reasonText: refused ? textOf('obligation-unknown') : read.begrunnelse,
    obligations,
    validUntil: refused ? null : read.gyldig_til,
    careDecision: read.beslutning,
    purpose: read.formal,
    requestable: read.kan_bes_om && { kind: read.kan_bes_om.type, templates: read.kan_bes_om.grunnlag },
    trace: {
      action: read.spor.handling,
      principal: read.spor.bruker,
      resource: read.spor.ressurs,
      context: read.spor.omstendigheter,
    },
  }
}
