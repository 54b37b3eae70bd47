import type { AuditRecord } from '@uthopp/audit/record'
import { newRecord } from '@uthopp/audit/record'
import type { Answer } from '@uthopp/policy/answer'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { notReady } from '#src/http/refusals.ts'
import type { LaunchFacts } from '#src/token/launch-facts.ts'
import type { VerifiedToken } from '#src/token/read-claims.ts'

/** Where records go. Resolves when they will not be lost any more. */
export type AuditTrail = { readonly write: (records: readonly AuditRecord[]) => Promise<void> }

/** What was asked for, in words of the log: no values, no ids beyond those that were touched. */
export type AuditedRequest = {
  readonly interaction: string | null
  readonly type: string | null
  /** Names of search parameters. */
  readonly query: string | null
}

/** What one request touched, kept as a record for each patient and each ground before anything of it leaves (AZ-49). */
export type Ledger = {
  readonly about: (request: AuditedRequest) => void
  /**
   * Something of this patient is about to be told or written; `null` is nobody's data. An answer that denies stands for a
   * stage where nobody acts on it: the access took place, and is told with what policy said.
   */
  readonly permitted: (patient: string | null, reference: string | null, answer: Answer | undefined) => void
  readonly denied: (patient: string | null, reference: string | null, answer: Answer) => void
  /** How often something was denied so far. */
  readonly denials: () => number
  /** One of several requests that came together was refused, for a reason other than policy. */
  readonly refused: (status: number, code: string) => void
  /** Keeps what was noted since the last time; 503 when it cannot be kept, and then nothing may leave. */
  readonly keep: () => Promise<void>
  /** Keeps what was noted as a request that was refused or failed. */
  readonly keepRefused: (status: number, code: string) => Promise<void>
}

export type LedgerOptions = {
  readonly trail: AuditTrail
  readonly caller: VerifiedToken
  /** Undefined where the issuer was not asked, or did not tell. */
  readonly facts: () => Promise<LaunchFacts | undefined>
  readonly correlationId: string
  /** What the caller calls its own trace, kept as a link. */
  readonly callerTraceId: string | undefined
  readonly activities: {
    readonly access: 'fhir-access' | 'imaging-access' | 'app-state-access'
    readonly refused: 'fhir-refused' | 'imaging-refused'
  }
  readonly now: () => Date
}

/** A record names at most so many resources; how many there were is told beside them. */
const MOST_IDS = 200

type Line = {
  readonly patient: string | null
  readonly references: Set<string>
  readonly answer: Answer | undefined
}

export function createLedger(options: LedgerOptions): Ledger {
  const { trail, caller } = options
  const { access, identity } = caller
  // What a token alone allows to say, where the issuer tells nothing: whoever is the patient of the launch is a citizen.
  const isCitizen = access.subject === access.patient
  const kindByToken = identity.grantId === undefined ? 'client' : isCitizen ? 'citizen' : 'clinician'
  const permitted = new Map<string, Line>()
  const denied = new Map<string, Line>()
  const nothing: Line = { patient: access.patient ?? null, references: new Set(), answer: undefined }
  const refusals: { readonly status: number; readonly code: string }[] = []
  let kept = false
  let denials = 0
  let request: AuditedRequest = { interaction: null, type: null, query: null }

  async function common() {
    const facts = await options.facts().catch(() => undefined)
    const kind = facts?.userKind ?? kindByToken
    return {
      tenant: access.tenant,
      at: options.now(),
      actor: { kind, id: kind === 'client' ? access.clientId : access.subject, role: facts?.role ?? null },
      clientId: access.clientId,
      correlationId: options.correlationId,
      launchId: facts?.launchId ?? null,
      grantId: identity.grantId ?? null,
      source: 'gateway',
      purpose: facts?.purpose ?? null,
      chosen: facts?.decision ?? null,
    } as const
  }

  async function recordsOf(outcome: { readonly status: number; readonly code: string } | undefined) {
    const { chosen, ...base } = await common()
    const record = (line: Line, more: Partial<AuditRecord>): AuditRecord =>
      newRecord({
        ...base,
        ...describe(line, request, chosen),
        // What a permit stands on has a purpose of its own: somebody who came for treatment may be in an emergency.
        purpose: line.answer?.purpose ?? base.purpose,
        activity: options.activities.access,
        ...more,
        detail: {
          tokenId: identity.tokenId,
          ...(options.callerTraceId === undefined ? {} : { callerTrace: options.callerTraceId }),
          ...more.detail,
        },
      })
    const records = [...denied.values()].map((line) =>
      record(line, {
        activity: options.activities.refused,
        outcome: 'refused',
        detail: reasonOf(line.answer, true),
      }),
    )
    for (const { status, code } of refusals)
      records.push(
        record(nothing, {
          activity: options.activities.refused,
          outcome: 'refused',
          detail: { code, status },
        }),
      )
    if (outcome === undefined) {
      // Directory entries that come along with a patient's data are no access of their own.
      const all = [...permitted.values()]
      const about = all.filter(({ patient }) => patient !== null || all.every((line) => line.patient === null))
      // Whoever looked and found nothing has looked.
      if (about.length + records.length === 0 && !kept) about.push(nothing)
      return [...records, ...about.map((line) => record(line, { detail: letThrough(line) }))]
    }
    if (records.length > 0) return records
    const detail = { code: outcome.code, status: outcome.status }
    const told = outcome.status < 500 ? ('refused' as const) : ('failed' as const)
    return [record(nothing, { activity: options.activities.refused, outcome: told, detail })]
  }

  async function write(outcome: { readonly status: number; readonly code: string } | undefined): Promise<void> {
    const records = await recordsOf(outcome)
    permitted.clear()
    denied.clear()
    refusals.length = 0
    kept = true
    try {
      await trail.write(records)
    } catch (cause) {
      throw notReady('what is accessed cannot be logged now', cause)
    }
  }

  return {
    about(asked) {
      request = asked
    },
    permitted(patient, reference, answer) {
      const key = JSON.stringify([patient, answer?.reasonCode, answer?.careDecision, answer?.purpose, answer?.rules])
      const line = permitted.get(key) ?? { patient, references: new Set(), answer }
      permitted.set(key, line)
      if (reference !== null) line.references.add(reference)
    },
    denied(patient, reference, answer) {
      denials += 1
      const key = `${patient ?? ''} ${answer.reasonCode}`
      const line = denied.get(key) ?? { patient, references: new Set(), answer }
      denied.set(key, line)
      if (reference !== null) line.references.add(reference)
    },
    refused(status, code) {
      refusals.push({ status, code })
    },
    denials: () => denials,
    keep: () => write(undefined),
    keepRefused: (status, code) => write({ status, code }),
  }
}

const reasonOf = (answer: Answer | undefined, enforced: boolean): AuditRecord['detail'] => ({
  code: answer?.reasonCode ?? '',
  enforced,
  reasonNb: answer?.reasonText.nb ?? '',
  reasonEn: answer?.reasonText.en ?? '',
})

const letThrough = ({ answer }: Line): AuditRecord['detail'] =>
  answer?.effect === 'deny' ? reasonOf(answer, false) : {}

function describe(
  { patient, references, answer }: Line,
  { interaction, type, query }: AuditedRequest,
  chosen: string | null,
): Pick<AuditRecord, 'patient' | 'what' | 'policy' | 'decision'> {
  return {
    patient,
    what: { interaction, type, ids: [...references].slice(0, MOST_IDS), count: references.size, query },
    policy:
      answer === undefined
        ? null
        : {
            decisionId: answer.decisionId,
            version: answer.policyVersion,
            effect: answer.effect,
            rules: answer.rules,
            reasonCode: answer.reasonCode,
            trace: answer.trace,
          },
    decision: decisionOf(answer, chosen),
  }
}

/** The decision leant on. Which template it has stands in the case as it was put to the rules. */
function decisionOf(answer: Answer | undefined, chosen: string | null): AuditRecord['decision'] {
  // Who looked and found nothing looked on the ground their launch was opened with.
  if (answer === undefined) return chosen === null ? null : { id: chosen, template: null, userSelected: true }
  const id = answer.careDecision
  if (id === null) return null
  const leant = answer.trace.context['glass'] ?? answer.trace.context['care']
  const template = isRecord(leant) && typeof leant['template'] === 'string' ? leant['template'] : null
  return { id, template, userSelected: id === chosen }
}
