import type { AuditDetail, AuditRecord } from '@uthopp/audit/record'
import { isAboutTheApp, type Reason } from './told-to-apps.ts'

type Members = Readonly<Record<string, unknown>>

/** What one record says to the app whose request it was. `answered` is the outcome of every request for data, whatever came of it. */
export type SafeEntry = {
  readonly at: string
  readonly activity: string
  readonly outcome: string
  readonly moment?: string
  /** False where the trust only watches what policy would have done. */
  readonly enforced?: boolean
  readonly asked?: readonly string[]
  readonly granted?: readonly string[]
  readonly withheld?: readonly { readonly scope: string; readonly code: string }[]
  readonly reason?: Reason
}

/** What it says to those who read the access log: who, about whom, on which facts, by which rules. */
export type WholeEntry = SafeEntry & {
  readonly record: string
  readonly actor: AuditRecord['actor']
  readonly client_id: string | null
  readonly patient: string | null
  readonly launch: string | null
  readonly grant: string | null
  readonly source: string
  readonly purpose: string | null
  readonly decision: Members | null
  readonly what: AuditRecord['what']
  readonly letters?: readonly string[]
  readonly policy?: Members
}

/** Things that would have turned the answer, as far as one change does; null where nobody looked. */
export type Differences = (policy: NonNullable<AuditRecord['policy']>) => Promise<readonly unknown[] | null>

const textsOf = (value: AuditDetail[string] | undefined): readonly string[] | undefined =>
  Array.isArray(value) ? value : undefined
const textOf = (value: AuditDetail[string] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

function reasonOf({ policy, detail }: AuditRecord): Reason | undefined {
  if (policy === null) return undefined
  const [nb, en] = [textOf(detail['reasonNb']), textOf(detail['reasonEn'])]
  return { code: policy.reasonCode, text: nb === undefined || en === undefined ? null : { nb, en } }
}

const scopeAndCode = (line: string) => {
  const space = line.lastIndexOf(' ')
  return { scope: line.slice(0, space), code: line.slice(space + 1) }
}

const defined = <T extends Members>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T // nothing but absent members is gone

/** Without ids of people and things. */
function entryOf(record: AuditRecord): SafeEntry {
  const { at, activity, outcome, detail } = record
  const enforced = detail['enforced']
  return defined({
    at: at.toISOString(),
    activity,
    outcome,
    moment: textOf(detail['moment']),
    enforced: typeof enforced === 'boolean' ? enforced : undefined,
    asked: textsOf(detail['asked']),
    granted: textsOf(detail['granted']),
    withheld: textsOf(detail['withheld'])?.map(scopeAndCode),
    reason: reasonOf(record),
  }) as SafeEntry // the members that are undefined are the optional ones
}

/** Refusals are requests like any other: which of them an access became may hang on what nobody is told. */
const ACCESS_OF: Readonly<Record<string, string>> = {
  'fhir-refused': 'fhir-access',
  'imaging-refused': 'imaging-access',
}

/**
 * One request for data, as its HTTP answer told it already.
 *
 * INVARIANT: made of nothing that depends on what was found. Rows left out of a search, a blocked resource and one that never
 * was leave the same entry (contracts §7); a reason is told only where the whole request was refused before anything was looked
 * up, for a reason that speaks of the app.
 */
function dataEntry(records: readonly [AuditRecord, ...AuditRecord[]]): SafeEntry {
  const [{ at, activity }] = records
  const refusal = records.find(isAboutTheApp)
  const entry = { at: at.toISOString(), activity: ACCESS_OF[activity] ?? activity, outcome: 'answered' }
  return refusal === undefined
    ? entry
    : (defined({ ...entry, outcome: 'refused', enforced: true, reason: reasonOf(refusal) }) as SafeEntry) // as above
}

/** What the app is told of its own requests, oldest first; all that one request for data left behind is one entry. */
export function safeEntries(records: readonly AuditRecord[]): readonly SafeEntry[] {
  const data = new Map<string, [AuditRecord, ...AuditRecord[]]>()
  for (const record of records) {
    if (record.source === 'auth-server') continue
    const together = data.get(record.correlationId)
    if (together === undefined) data.set(record.correlationId, [record])
    else together.push(record)
  }
  return records.flatMap((record) => {
    if (record.source === 'auth-server') return [entryOf(record)]
    const together = data.get(record.correlationId)
    return together?.[0] === record ? [dataEntry(together)] : []
  })
}

export async function wholeEntry(record: AuditRecord, differences: Differences): Promise<WholeEntry> {
  const { policy, decision } = record
  return defined({
    ...entryOf(record),
    record: record.id,
    actor: record.actor,
    client_id: record.clientId,
    patient: record.patient,
    launch: record.launchId,
    grant: record.grantId,
    source: record.source,
    purpose: record.purpose,
    decision: decision && { id: decision.id, template: decision.template, user_selected: decision.userSelected },
    what: record.what,
    letters: textsOf(record.detail['letters']),
    policy:
      policy === null
        ? undefined
        : {
            decision_id: policy.decisionId,
            version: policy.version,
            effect: policy.effect,
            rules: policy.rules,
            reason_code: policy.reasonCode,
            facts: policy.trace,
            would_differ: policy.effect === 'deny' ? await differences(policy) : [],
          },
  }) as WholeEntry // as above
}
