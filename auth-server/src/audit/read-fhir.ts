import { formatBalp } from '@uthopp/audit/balp'
import type { AuditNames } from '@uthopp/audit/names'
import { formatNorwegian } from '@uthopp/audit/norwegian'
import type { AuditRecord } from '@uthopp/audit/record'
import type { AuditRepository } from '@uthopp/audit/repository'
import { readForm } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { FHIR_QUERY, formatPlace, parseAuditQuery } from './query.ts'
import { noteReading, type RequireLogReader } from './reader.ts'
import type { AuditTrail } from './trail.ts'

type Deps = {
  readonly issuer: string
  readonly tenant: string
  readonly requireReader: RequireLogReader
  readonly repository: AuditRepository
  readonly trail: AuditTrail
  readonly now: () => Date
  /** The names that belong to these records, as the host knows them now. */
  readonly namesFor: (records: readonly AuditRecord[], trace: Trace) => Promise<AuditNames>
  /** The patient a national id belongs to. */
  readonly identify: (value: string, trace: Trace) => Promise<string | undefined>
}

const FHIR_JSON = 'application/fhir+json; charset=utf-8'

/** Which of its two shapes a record is told in, and the first one without what is for the eyes of staff. */
const SHAPES = ['norwegian', 'balp', 'patient'] as const
type Shape = (typeof SHAPES)[number]

function shapeOf(params: URLSearchParams): Shape {
  const asked = params.get('_shape') ?? 'norwegian'
  params.delete('_shape')
  return (
    SHAPES.find((shape) => shape === asked) ??
    refuse(400, 'invalid_request', '`_shape` is `norwegian`, `balp` or `patient`')
  )
}

const resourceOf = (record: AuditRecord, names: AuditNames, shape: Shape) =>
  shape === 'balp'
    ? formatBalp(record, names)
    : formatNorwegian(record, names, shape === 'patient' ? 'patient' : 'entitled')

async function search(deps: Deps, ctx: AppContext, params: URLSearchParams): Promise<void> {
  const named = [...params.keys()]
  const citizen = params.get('_shape') === 'patient'
  const reader = await deps.requireReader(ctx, { citizen })
  const { trace } = ctx.state
  const shape = shapeOf(params)
  const asked = accept(parseAuditQuery(params, FHIR_QUERY))
  if (citizen && asked.patient === undefined)
    return refuse(400, 'invalid_request', 'a patient reads the log of one patient: `patient` is needed')
  const found = await deps.repository.search(asked)
  const names = await deps.namesFor(found.records, trace)
  const told = found.records.flatMap((record) => {
    const resource = resourceOf(record, names, shape)
    return resource === undefined ? [] : [{ record, resource }]
  })
  const read = told.map(({ record }) => record)
  noteReading(deps, ctx, reader, { patient: asked.patient ?? null, params: named, told: read })
  const base = `${deps.issuer}/audit/AuditEvent`
  const link = (relation: string, cursor: string | undefined) => {
    const query = new URLSearchParams(params)
    if (shape !== 'norwegian') query.set('_shape', shape)
    if (cursor !== undefined) query.set('_cursor', cursor)
    const text = query.toString()
    return { relation, url: text === '' ? base : `${base}?${text}` }
  }
  ctx.type = FHIR_JSON
  ctx.body = JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    link: [link('self', undefined), ...(found.next === undefined ? [] : [link('next', formatPlace(found.next))])],
    entry: told.map(({ record, resource }) => ({
      fullUrl: `${base}/${record.id}`,
      resource,
      search: { mode: 'match' },
    })),
  })
}

/** `GET <issuer>/audit/AuditEvent?…` */
export const searchEvents =
  (deps: Deps) =>
  async (ctx: AppContext): Promise<void> => {
    const params = new URLSearchParams(ctx.querystring)
    // Addresses end up in logs, and a national id must not.
    if (params.has('patient.identifier'))
      return refuse(400, 'invalid_request', 'a search by `patient.identifier` is for POST to `_search`')
    await search(deps, ctx, params)
  }

/** `POST <issuer>/audit/AuditEvent/_search`: the same by form, and by a patient's national id. */
export const searchEventsByForm =
  (deps: Deps) =>
  async (ctx: AppContext): Promise<void> => {
    await deps.requireReader(ctx)
    const form = await readForm(ctx)
    const params = new URLSearchParams([...form])
    const identifier = params.get('patient.identifier')
    if (identifier !== null) {
      const number = identifier.slice(identifier.indexOf('|') + 1)
      if (!/^\d{11}$/.test(number)) return refuse(400, 'invalid_request', '`patient.identifier` must be eleven digits')
      const patient = await deps.identify(number, ctx.state.trace)
      params.delete('patient.identifier')
      if (params.has('patient')) return refuse(400, 'invalid_request', 'one of `patient` and `patient.identifier`')
      // Nobody here has that number: the log of a patient who does not exist is as empty as it should be.
      params.set('patient', patient ?? 'unknown-patient')
    }
    await search(deps, ctx, params)
  }

/** `GET <issuer>/audit/AuditEvent/<id>` */
export const readEvent =
  (deps: Deps) =>
  async (ctx: AppContext, id: string): Promise<void> => {
    const reader = await deps.requireReader(ctx)
    const params = new URLSearchParams(ctx.querystring)
    const shape = shapeOf(params)
    const record = await deps.repository.find(id)
    const names = await deps.namesFor(record === undefined ? [] : [record], ctx.state.trace)
    const resource = record && resourceOf(record, names, shape)
    noteReading(deps, ctx, reader, {
      patient: record?.patient ?? null,
      params: ['_id'],
      told: record === undefined || resource === undefined ? [] : [record],
    })
    if (resource === undefined) return refuse(404, 'not_found', 'there is no such event in this log')
    ctx.type = FHIR_JSON
    ctx.body = JSON.stringify(resource)
  }
