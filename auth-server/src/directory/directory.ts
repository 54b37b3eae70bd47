import type { Trace } from '@uthopp/server-kit/trace'

/** What an offer says about people and records, put to the host that keeps them. */
export type ContextQuestion = {
  readonly user: string
  readonly role: string | undefined
  readonly patient: string | undefined
  readonly encounter: string | undefined
  /** Relative references: `Type/id`. */
  readonly references: readonly string[]
}

export type Role = { readonly id: string; readonly name: string }

export type ContextAnswer = {
  readonly user: boolean
  /** True when the role is this user's. */
  readonly role: boolean
  readonly patient: boolean
  /** True when the encounter is the patient's. */
  readonly encounter: boolean
  readonly unknownReferences: readonly string[]
  readonly roles: readonly Role[]
}

/** The host's directory of one trust: the authorization server keeps no people and no clinical content of its own. */
export interface Directory {
  /** Refuses with 503 when the host does not answer: an offer that cannot be checked is not made. */
  checkContext(question: ContextQuestion, trace: Trace): Promise<ContextAnswer>
}
