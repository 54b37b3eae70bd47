import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { Leaning, LeaningFault } from './leaning.ts'
import type { Principal } from './principal.ts'

/** Why a question never reaches the rules. */
export type CaseFault =
  | LeaningFault
  | 'facts-contradictory'
  | 'question-malformed'
  | 'person-unknown'
  | 'patient-unknown'
  | 'role-not-held'

export type AssembledCase = {
  readonly kind: 'case'
  readonly asked: CedarCase
  readonly leaning: Leaning
  /** Whose facts it stands on; part of what equal cases must have in common. */
  readonly epoch: string
}

/** A fault of a known person still says who, so that what they could ask for instead can be told. */
export type Assembly =
  | AssembledCase
  | { readonly kind: 'fault'; readonly code: CaseFault; readonly who: Principal | null }

export const fault = (code: CaseFault, who: Principal | null = null): Assembly => ({ kind: 'fault', code, who })
