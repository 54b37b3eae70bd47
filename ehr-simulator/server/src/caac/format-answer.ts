import type { Answer, Obligation } from '@uthopp/policy/answer'
import { EFFECTS, OBLIGATIONS, REQUESTABLES } from '@uthopp/policy/caac-words'

const formatObligation = ({ id, type, properties }: Obligation) => ({
  id,
  type: OBLIGATIONS[type],
  egenskaper: properties,
})

/** One answer, in the host's own words. */
export const formatAnswer = (answer: Answer) => ({
  resultat: EFFECTS[answer.effect],
  avgjorelse: answer.decisionId,
  regelverk: answer.policyVersion,
  regler: answer.rules,
  kode: answer.reasonCode,
  begrunnelse: answer.reasonText,
  vilkar: answer.obligations.map(formatObligation),
  gyldig_til: answer.validUntil?.toISOString() ?? null,
  beslutning: answer.careDecision,
  formal: answer.purpose,
  kan_bes_om: answer.requestable && {
    type: REQUESTABLES[answer.requestable.kind],
    grunnlag: answer.requestable.templates,
  },
  spor: {
    handling: answer.trace.action,
    bruker: answer.trace.principal,
    ressurs: answer.trace.resource,
    omstendigheter: answer.trace.context,
  },
})
