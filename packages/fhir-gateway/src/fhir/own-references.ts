import { decideInteraction } from '@uthopp/smart-core/access'
import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import { belongsOnlyTo } from '@uthopp/smart-core/fhir/patient-compartment'
import { isProblem } from '@uthopp/smart-core/problem'
import { forbidden, unprocessable } from '#src/http/refusals.ts'
import { isResource, type Resource } from '#src/json.ts'
import { localReference, referencesIn } from './references.ts'
import type { Exchange } from './step.ts'

const MOST_REFERENCES = 50

/**
 * A caller confined to one patient writes references to that patient's data and to the directory only.
 *
 * Otherwise a written resource would tie two charts together, and a server that checks references would tell which ids exist.
 * Unknown and foreign targets are refused alike.
 */
export async function requireOwnReferences(
  exchange: Exchange,
  proposed: Resource,
  verb: 'create' | 'update',
): Promise<void> {
  const { access, bases, unrestricted } = exchange.review
  const references = [...referencesIn(proposed)]
  if (references.length > MOST_REFERENCES) throw unprocessable(`at most ${MOST_REFERENCES} references in one resource`)
  const decision = decideInteraction(access, { verb, type: proposed.resourceType })
  const confined =
    decision.effect === 'permit' && decision.allowances.every((allowance) => allowance.withinPatient !== null)
  for (const reference of references) {
    if (reference.startsWith('#') || reference.startsWith('urn:')) continue
    // A conditional reference is a search the server behind us makes for us (FHIR R4, "Conditional References").
    if (reference.includes('?')) {
      if (confined || !unrestricted('search', reference.split('?')[0] ?? '')) throw notOwn()
      continue
    }
    const target = localReference(reference, bases)
    if (!confined || target === undefined || isDirectoryType(target.type)) continue
    if (!(await isOwn(exchange, target))) throw notOwn()
  }
}

async function isOwn(
  exchange: Exchange,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<boolean> {
  const { patient } = exchange.review.access
  if (type === 'Patient') return id === patient
  if (patient === undefined || isProblem(parseFhirId(id))) return false
  const reply = await exchange.upstream({ method: 'GET', url: `${type}/${id}` })
  return reply.status === 200 && isResource(reply.json) && belongsOnlyTo(reply.json, patient, exchange.review.bases)
}

const notOwn = (): Error => forbidden('the resource refers to something outside what may be written')
