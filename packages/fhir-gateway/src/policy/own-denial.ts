import { randomUUID } from 'node:crypto'
import type { Answer } from '@uthopp/policy/answer'

/** Why this gateway denies before, or although, a decision point has answered. */
export type OwnReason =
  | 'launch-facts-unavailable'
  | 'pdp-unavailable'
  | 'patient-unclear'
  | 'carrier-unknown'
  | 'obligation-not-performed'

const TEXTS: Readonly<Record<OwnReason, Answer['reasonText']>> = {
  'launch-facts-unavailable': {
    nb: 'Det er ikke mulig å slå fast hvem som ber om opplysningene nå.',
    en: 'who asks, and in which role, cannot be known now',
  },
  'pdp-unavailable': {
    nb: 'Tilgangen kan ikke avgjøres nå.',
    en: 'access cannot be decided now',
  },
  'patient-unclear': {
    nb: 'Det går ikke frem hvem opplysningene gjelder.',
    en: 'whose data this is cannot be told',
  },
  'carrier-unknown': {
    nb: 'Det går ikke frem hvilket dokument innholdet hører til.',
    en: 'which document these bytes are of cannot be told',
  },
  'obligation-not-performed': {
    nb: 'Tilgangen har et vilkår som ikke kan oppfylles her.',
    en: 'the access has a condition that cannot be met here',
  },
}

/** A denial of this gateway's own, in the shape of every other. */
export const denialOfOurOwn = (reasonCode: OwnReason): Answer => ({
  effect: 'deny',
  decisionId: randomUUID(),
  policyVersion: 'gateway',
  rules: [],
  reasonCode,
  reasonText: TEXTS[reasonCode],
  obligations: [],
  validUntil: null,
  careDecision: null,
  purpose: null,
  requestable: null,
  trace: { action: '', principal: '', resource: '', context: {} },
})
