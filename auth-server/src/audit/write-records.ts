import type { AuditRecord, AuditSource } from '@uthopp/audit/record'
import type { AuditRepository } from '@uthopp/audit/repository'
import { parseRecord } from '@uthopp/audit/wire'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { anything, readMembers } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { RequireScope } from '#src/clients/scoped-caller.ts'

const SCOPE = '__audit.write'
const MOST_RECORDS = 500
const MOST_BYTES = 1024 * 1024

/** Which process a client of ours is. Nobody else has anything to write here, and nobody writes as this server. */
const SOURCE_OF: ReadonlyMap<string, AuditSource> = new Map([
  ['host', 'host'],
  ['gateway', 'gateway'],
  ['hub', 'hub'],
])

function parseBatch(body: unknown): readonly AuditRecord[] | Problem {
  const members = readMembers(body, { required: { records: anything } })
  if (isProblem(members)) return members
  const { json } = members.records
  if (!Array.isArray(json) || json.length === 0) return problem('records', '`records` must be a list of records')
  if (json.length > MOST_RECORDS) return problem('records', `at most ${MOST_RECORDS} records at once`)
  const records: AuditRecord[] = []
  for (const [index, one] of json.entries()) {
    const record = parseRecord(one)
    if (isProblem(record)) return problem(`records[${index}]`, `record ${index}: ${record.reason}`)
    records.push(record)
  }
  return records
}

/**
 * `POST <issuer>/audit/records`: the way of another process's records into the log of the trust. All of a batch, or nothing.
 *
 * Sent again they are the same records; another content under an id that is taken is refused with 409.
 */
export const writeRecords =
  (deps: { readonly tenant: string; readonly requireScope: RequireScope; readonly repository: AuditRepository }) =>
  async (ctx: AppContext): Promise<void> => {
    const { client } = await deps.requireScope(ctx, [SCOPE])
    const source = SOURCE_OF.get(client.clientId)
    if (source === undefined) return refuse(403, 'source_not_known', 'this client has no records of its own')
    const records = accept(parseBatch(await readJson(ctx, { limit: MOST_BYTES })))
    if (records.some((record) => record.tenant !== deps.tenant))
      return refuse(403, 'foreign_tenant', 'a record is of another trust')
    if (records.some((record) => record.source !== source))
      return refuse(403, 'foreign_source', `this client writes records of \`${source}\` only`)
    const appended = await deps.repository.append(records)
    if (appended.kind === 'conflict') {
      ctx.state.refusal = 'id_taken'
      ctx.status = 409
      ctx.body = {
        error: 'id_taken',
        error_description: 'another record has an id of these',
        correlation_id: ctx.state.trace.traceId,
        ids: appended.ids,
      }
      return
    }
    ctx.body = { stored: appended.stored, known: appended.known }
  }
