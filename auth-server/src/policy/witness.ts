import type { Answer } from '@uthopp/policy/answer'
import type { Withheld } from '@uthopp/smart-core/negotiate'
import type { Asker } from './asker.ts'

/** Where in its life a launch was decided about. */
export type Moment = 'launch' | 'authorize' | 'token' | 'refresh'

/** One question to policy and what came of it. */
export type IssuanceRecord = {
  readonly moment: Moment
  readonly asker: Asker
  readonly clientId: string
  readonly correlationId: string
  readonly launchId: string | null
  readonly grantId: string | null
  readonly asked: readonly string[]
  readonly granted: readonly string[]
  readonly withheld: readonly Withheld[]
  /** By the name of the letter; `launch` for the launch itself. */
  readonly answers: ReadonlyMap<string, Answer>
  /** False where the trust only watches what policy would have done. */
  readonly enforced: boolean
}

/** Hears of every decision before anything comes of it. What it cannot keep must not happen, so it throws. */
export type IssuanceWitness = (record: IssuanceRecord) => Promise<void>
