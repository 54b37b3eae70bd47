import type { Answer } from '@uthopp/policy/answer'
import type { Ask } from '@uthopp/policy/decision-point'
import type { CaseFacts } from '@uthopp/policy/facts'

/** A candidate book: the serving one with these rules in place of its own, or without them where the text is null. */
export type BookChange = ReadonlyMap<string, string | null>

/** What is asked of rule books beside the one that decides here. `folder` has the one that does. */
export type BookTask =
  | { readonly kind: 'rules'; readonly folder: string }
  | {
      readonly kind: 'what-if'
      readonly folder: string
      readonly change: BookChange | null
      readonly facts: CaseFacts
      readonly asks: readonly Ask[]
      readonly at: Date
    }
  | {
      readonly kind: 'replay'
      readonly folder: string
      readonly change: BookChange | null
      /** Traces as they were written down. */
      readonly traces: readonly unknown[]
    }

type Rules = { readonly version: string; readonly rules: readonly (readonly [id: string, text: string])[] }
export type BookAnswers = { readonly version: string; readonly answers: readonly Answer[] }
/** `null`: the question never became a case, so it cannot be put again. */
export type Verdicts = {
  readonly version: string
  readonly verdicts: readonly ({ readonly effect: 'permit' | 'deny'; readonly rules: readonly string[] } | null)[]
}
/** Why a candidate cannot be asked: the first thing wrong with it. */
export type BookProblem = { readonly problem: string }

export type BookResult =
  | { readonly kind: 'rules'; readonly book: Rules | BookProblem }
  | {
      readonly kind: 'what-if'
      readonly serving: BookAnswers | BookProblem
      readonly candidate: BookAnswers | BookProblem | null
    }
  | { readonly kind: 'replay'; readonly book: Verdicts | BookProblem }
