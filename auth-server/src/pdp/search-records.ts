import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import { formatRecord, parseRecord } from '@uthopp/audit/wire'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { isProblem } from '@uthopp/smart-core/problem'
import { perPatient } from '#src/audit/per-patient.ts'
import type { Searched } from './search.ts'

/**
 * What a person may do for a patient tells of both, so a search stands in the log of each patient it told of (norway.md §5.1).
 * Nothing else would tell of it: whoever asks has nothing of the patient to enforce the answer on.
 */
export function searchRecords(
  { tenant, now }: { readonly tenant: string; readonly now: () => Date },
  { state }: AppContext,
  clientId: string,
  { user, told }: Searched,
): readonly AuditRecord[] {
  const records = perPatient(told).map(({ patient, count }) =>
    newRecord({
      tenant,
      at: now(),
      activity: 'policy-asked',
      actor: { kind: 'client', id: clientId, role: null },
      clientId,
      patient,
      correlationId: state.trace.traceId,
      source: 'auth-server',
      detail: { for: 'search', user, count },
    }),
  )
  return records.some((record) => isProblem(parseRecord(formatRecord(record))))
    ? refuse(400, 'invalid_request', '`subject.id` and the patient must be ids that the access log can hold')
    : records
}
