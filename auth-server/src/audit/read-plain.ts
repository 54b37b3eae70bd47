import type { AuditRecord } from '@uthopp/audit/record'
import type { AuditRepository } from '@uthopp/audit/repository'
import type { Found } from '@uthopp/audit/search'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { problem } from '@uthopp/smart-core/problem'
import { ACTIVITY_QUERY, FHIR_QUERY, formatPlace, parseAuditQuery } from './query.ts'
import { noteReading, type RequireLogReader } from './reader.ts'
import type { AuditTrail } from './trail.ts'

type Deps = {
  readonly tenant: string
  readonly requireReader: RequireLogReader
  readonly repository: AuditRepository
  readonly trail: AuditTrail
  readonly now: () => Date
}

/** One line of the log as the host's own pages read it: ids, to which the host knows the names. */
function lineOf(record: AuditRecord, forPatient: boolean): Readonly<Record<string, unknown>> {
  const { decision, what, policy, outcome } = record
  const open = !forPatient || outcome === 'ok'
  return {
    id: record.id,
    at: record.at.toISOString(),
    activity: record.activity,
    outcome,
    actor: record.actor,
    client_id: record.clientId,
    source: record.source,
    purpose: record.purpose,
    decision: decision && { id: decision.id, template: decision.template, user_selected: decision.userSelected },
    // Which item it was that stayed closed is not told to a page that anybody may look at beside the patient.
    what: what && {
      interaction: what.interaction,
      type: what.type,
      ids: open ? what.ids : [],
      count: open ? what.count : null,
    },
    correlation_id: record.correlationId,
    ...(forPatient ? {} : { patient: record.patient, reason_code: policy?.reasonCode ?? null, detail: record.detail }),
  }
}

const answer = ({ records, next }: Found, forPatient: boolean) => ({
  entries: records.map((record) => lineOf(record, forPatient)),
  next: next === undefined ? null : formatPlace(next),
})

/** `GET <issuer>/audit/patient/<id>`: who has been in this record, newest first, for the host's pages of citizens and leaders. */
export const readPatientLog =
  (deps: Deps) =>
  async (ctx: AppContext, patient: string): Promise<void> => {
    const params = new URLSearchParams(ctx.querystring)
    const audience = params.get('for') ?? 'patient'
    params.delete('for')
    if (audience !== 'patient' && audience !== 'staff')
      return refuse(400, 'invalid_request', '`for` is `patient` or `staff`')
    const forPatient = audience === 'patient'
    const reader = await deps.requireReader(ctx, { citizen: forPatient })
    const { _sort, patient: onePatient, ...readers } = FHIR_QUERY
    const search = accept(parseAuditQuery(params, readers))
    const found = await deps.repository.search({ ...search, ...accept(onePatient(patient)) })
    noteReading(deps, ctx, reader, { patient, params: params.keys(), told: found.records })
    ctx.body = answer(found, forPatient)
  }

/** `GET <issuer>/audit/activities`: chosen activities of the whole trust, for leaders' control lists. */
export const readActivities =
  (deps: Deps) =>
  async (ctx: AppContext): Promise<void> => {
    const reader = await deps.requireReader(ctx)
    const params = new URLSearchParams(ctx.querystring)
    const search = accept(parseAuditQuery(params, ACTIVITY_QUERY))
    if (search.activities === undefined && search.correlationId === undefined)
      accept(problem('activity', '`activity` or `correlation` says what to look for'))
    const found = await deps.repository.search(search)
    noteReading(deps, ctx, reader, { patient: null, params: params.keys(), told: found.records })
    ctx.body = answer(found, false)
  }
