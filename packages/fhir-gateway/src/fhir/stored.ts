import { isRecord, isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { withoutStaffNumbers } from '@uthopp/smart-core/fhir/staff-numbers'
import type { Verb } from '@uthopp/smart-core/scope/permission'
import { forbidden, notFound, unprocessable, versionConflict } from '#src/http/refusals.ts'
import { stringOf } from '#src/json.ts'
import { requireSuccess } from './require-success.ts'
import type { Exchange } from './step.ts'

/** A resource as it stands before a change. */
export type Stored = {
  readonly resource: Resource
  /** The `If-Match` value that names exactly this version. */
  readonly version: string
}

type Look = {
  readonly verb: Verb
  /** A second verb the resource must be visible for. */
  readonly also?: Verb
  /** The version the caller believes to be changing. */
  readonly ifMatch: string | undefined
}

/** Looks before writing. What the caller may not change answers like what is not there. */
export async function readStored(
  exchange: Exchange,
  { type, id }: { readonly type: string; readonly id: string },
  { verb, also, ifMatch }: Look,
): Promise<Stored> {
  const reply = await exchange.upstream({ method: 'GET', url: `${type}/${id}` })
  requireSuccess(reply)
  const resource = reply.json
  if (!isResource(resource) || resource.resourceType !== type || resource['id'] !== id) throw notFound()
  for (const needed of also === undefined ? [verb] : [verb, also]) {
    await exchange.review.require(resource, [needed])
  }
  // Its change would bring out in another place what is not shown, or lose it.
  if (verb === 'update' && withoutStaffNumbers(resource) !== resource)
    throw forbidden('the resource holds what is not shown here, so it is not changed here')
  const meta = isRecord(resource['meta']) ? resource['meta'] : {}
  const versionId = stringOf(meta['versionId'])
  const version = reply.header('etag') ?? (versionId === undefined ? undefined : `W/"${versionId}"`)
  if (version === undefined) throw unprocessable('resources without versions cannot be changed here')
  if (ifMatch !== undefined && opaque(ifMatch) !== opaque(version)) throw versionConflict()
  return { resource, version }
}

/** FHIR's version tags are weak; what stands between the quotes decides (FHIR R4, "Managing Resource Contention"). */
const opaque = (etag: string): string => etag.trim().replace(/^W\//, '')
