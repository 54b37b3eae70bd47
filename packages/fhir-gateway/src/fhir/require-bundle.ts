import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { upstreamFailed } from '#src/http/refusals.ts'
import { type JsonObject, objectsOf } from '#src/json.ts'
import { requireSuccess } from './require-success.ts'
import type { FhirReply } from './upstream-fhir.ts'

/** The Bundle a reply must be; anything else is a fault of the server behind us. */
export function requireBundle(reply: FhirReply, type: 'searchset' | 'history' | 'transaction-response'): Resource {
  requireSuccess(reply)
  if (!isResource(reply.json) || reply.json.resourceType !== 'Bundle' || reply.json['type'] !== type)
    throw upstreamFailed()
  return reply.json
}

/** True when the server behind us says that there is more, wherever it says that more is. */
export const goesOn = (bundle: JsonObject): boolean =>
  objectsOf(bundle['link']).some(({ relation }) => relation === 'next')
