import { decideInteraction } from '@uthopp/smart-core/access'
import { type FhirId, parseFhirId } from '@uthopp/smart-core/fhir-id'
import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { belongsOnlyTo, isPatientType } from '@uthopp/smart-core/fhir/patient-compartment'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import { forbidden, unprocessable } from '#src/http/refusals.ts'
import { leadsHere, localReference, referencesIn } from './references.ts'
import { looksForStaffNumber } from './staff-search.ts'
import type { Exchange } from './step.ts'

const MOST_REFERENCES = 50
/** Looked up for one HTTP request, however many resources its Bundle brings: each costs the server behind us a read. */
const MOST_LOOK_UPS = 200

/**
 * A caller confined to one patient writes references to that patient's data, and to what is no patient's data at all.
 *
 * Otherwise a written resource would tie two charts together, and a server that checks references would tell which ids exist.
 * Unknown and foreign targets are refused alike; what the stored version refers to already may stay.
 */
export async function requireOwnReferences(
  exchange: Exchange,
  proposed: Resource,
  { verb, stored }: { readonly verb: 'create' | 'update'; readonly stored?: Resource },
): Promise<void> {
  const there = stored === undefined ? new Set<string>() : referencesIn(stored)
  const added = [...referencesIn(proposed)].filter((reference) => !there.has(reference))
  if (added.length > MOST_REFERENCES) throw unprocessable(`at most ${MOST_REFERENCES} new references in one resource`)
  const confined = isConfined(exchange, verb, proposed.resourceType)
  for (const reference of added) {
    if (!(await mayRefer(exchange, reference, confined))) {
      throw forbidden('the resource refers to something outside what may be written')
    }
  }
}

function isConfined({ review }: Exchange, verb: 'create' | 'update', type: string): boolean {
  const decision = decideInteraction(review.access, { verb, type })
  return decision.effect === 'deny' || decision.allowances.every((allowance) => allowance.withinPatient !== null)
}

async function mayRefer(exchange: Exchange, reference: string, confined: boolean): Promise<boolean> {
  if (reference.startsWith('#') || reference.startsWith('urn:')) return true
  // A conditional reference is a search the server behind us makes for us (FHIR R4, "Conditional References").
  if (reference.includes('?')) return !confined && mayAsk(exchange, reference)
  if (!confined) return true
  const target = localReference(reference, exchange.review.bases)
  // Another spelling of an address of ours is read by some servers and not by others, so it is nobody's to write.
  if (target === undefined) return !leadsHere(reference, exchange.review.bases)
  return !isPatientType(target.type) || isOwn(exchange, target)
}

function mayAsk({ review }: Exchange, reference: string): boolean {
  const [path = '', ...query] = reference.split('?')
  const interaction = parseFhirInteraction({ method: 'GET', path, query: query.join('?') })
  return (
    !isProblem(interaction) &&
    interaction.kind === 'search-type' &&
    review.hidesNothing('search', interaction.type) &&
    !interaction.search.params.some(looksForStaffNumber)
  )
}

async function isOwn(
  exchange: Exchange,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<boolean> {
  const { patient } = exchange.review.access
  if (type === 'Patient') return id === patient
  if (patient === undefined || isProblem(parseFhirId(id))) return false
  const known = exchange.lookedUp.get(`${type}/${id}`)
  if (known !== undefined) return known
  if (exchange.lookedUp.size >= MOST_LOOK_UPS)
    throw unprocessable(`at most ${MOST_LOOK_UPS} different references can be checked in one request`)
  const own = await isOwnStored(exchange, { type, id }, patient)
  exchange.lookedUp.set(`${type}/${id}`, own)
  return own
}

async function isOwnStored(
  exchange: Exchange,
  { type, id }: { readonly type: string; readonly id: string },
  patient: FhirId,
): Promise<boolean> {
  const reply = await exchange.upstream({ method: 'GET', url: `${type}/${id}` })
  if (reply.status !== 200 || !isResource(reply.json)) return false
  if (!belongsOnlyTo(reply.json, patient, exchange.review.bases)) return false
  // What policy hides answers like what is not there. No scope is needed to refer to a resource, so policy alone is asked.
  const [verdict] = await exchange.review.judge.decide([{ action: 'read', resource: reply.json }], {
    looking: true,
    whateverScopes: true,
  })
  return verdict?.kind === 'shown'
}
