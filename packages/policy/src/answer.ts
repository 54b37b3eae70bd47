export const OBLIGATION_TYPES = ['audit', 'notify', 'filter', 'mask', 'banner', 'max-age'] as const
export type ObligationType = (typeof OBLIGATION_TYPES)[number]

/** Something the enforcement point must do; who cannot must treat a permit as a deny (AZ-46). */
export type Obligation = {
  readonly id: string
  readonly type: ObligationType
  readonly properties: Readonly<Record<string, unknown>>
}

/** The case as it was put to the rules: for audit and explanation, never for apps. */
export type DecisionTrace = {
  readonly action: string
  readonly principal: string
  readonly resource: string
  readonly context: Readonly<Record<string, unknown>>
}

export type Requestable = { readonly kind: 'decision' | 'break-glass'; readonly templates: readonly string[] }

export type Answer = {
  readonly effect: 'permit' | 'deny'
  readonly decisionId: string
  readonly policyVersion: string
  readonly rules: readonly string[]
  readonly reasonCode: string
  readonly reasonText: { readonly nb: string; readonly en: string }
  readonly obligations: readonly Obligation[]
  /** The end of the narrowest fact a permit leans on; null when nothing it leans on ends by itself. */
  readonly validUntil: Date | null
  /** The decision leant on, by id. */
  readonly careDecision: string | null
  readonly purpose: string | null
  readonly requestable: Requestable | null
  readonly trace: DecisionTrace
}
