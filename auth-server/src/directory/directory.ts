import type { LogIds, LogNames } from '#src/audit/log-names.ts'
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

/** Somebody who can sign in. A citizen's id is that of their own patient record, and they have no roles. */
export type Person = {
  readonly id: string
  readonly kind: 'staff' | 'citizen'
  readonly name: string
  readonly roles: readonly Role[]
}

type Verification =
  | { readonly outcome: 'verified'; readonly person: Person }
  | { readonly outcome: 'refused' }
  /** Too many failed attempts on this username. */
  | { readonly outcome: 'closed'; readonly seconds: number }

export type Patient = { readonly id: string; readonly name: string; readonly birthDate: string | undefined }
export type Encounter = {
  readonly id: string
  readonly kind: string | undefined
  readonly status: string | undefined
  readonly start: string | undefined
}
export type PatientRecord = Patient & { readonly encounters: readonly Encounter[] }

/** The host's directory of one trust: the authorization server keeps no people and no clinical content of its own. */
export interface Directory {
  /** Every call refuses with 503 when the host does not answer: what cannot be checked does not happen. */
  checkContext(question: ContextQuestion, trace: Trace): Promise<ContextAnswer>
  verifyPassword(username: string, password: string, trace: Trace): Promise<Verification>
  findPerson(user: string, trace: Trace): Promise<Person | undefined>
  /** Patients this person may see; narrowed by words where there are any, and by the role when one is named. */
  searchPatients(
    search: { readonly user: string; readonly role: string | undefined; readonly text: string },
    trace: Trace,
  ): Promise<readonly Patient[]>
  findPatient(patient: string, trace: Trace): Promise<PatientRecord | undefined>
  /** The names behind the ids of an access log, numbers of staff included: for entitled readers. */
  describeForLog(ids: LogIds, trace: Trace): Promise<LogNames>
  /** The patient of this trust a national id belongs to. */
  identifyPatient(nationalId: string, trace: Trace): Promise<string | undefined>
}
