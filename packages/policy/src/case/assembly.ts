import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { Leaning, LeaningFault } from './leaning.ts'

/** Why a question never reaches the rules. */
export type CaseFault = LeaningFault | 'facts-contradictory' | 'question-malformed' | 'person-unknown' | 'role-not-held'

export type AssembledCase = {
  readonly kind: 'case'
  readonly asked: CedarCase
  readonly leaning: Leaning
  /** Whose facts it stands on; part of what equal cases must have in common. */
  readonly epoch: string
}

export type Assembly = AssembledCase | { readonly kind: 'fault'; readonly code: CaseFault }

export const fault = (code: CaseFault): Assembly => ({ kind: 'fault', code })
