import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { formatQuery } from '@uthopp/smart-core/fhir/query'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import type { SearchQuery } from '@uthopp/smart-core/fhir/search-query'
import { badRequest, forbidden, unprocessable } from '#src/http/refusals.ts'
import { applyJsonPatch, PatchProblem } from './json-patch.ts'
import { requireNoInstruction } from './launch-instruction.ts'
import { requireScope } from './require-scope.ts'
import { planSearch } from './search-step.ts'
import { exactQuestion } from './settle-search.ts'
import { visibleCriteria } from './visible-criteria.ts'
import type { Asked, Exchange, Step } from './step.ts'
import { readStored, type Stored } from './stored.ts'
import { requireWritable } from './writable.ts'
import { reviewCreate, reviewDelete, reviewUpdate } from './write-review.ts'

type Create = Extract<FhirInteraction, { readonly kind: 'create' | 'conditional-create' }>
type Target = { readonly type: string; readonly id: string }

/** What is written must be something the caller may write: in the patient's chart, and within the scope's conditions (SAL-144). */
export async function createStep(exchange: Exchange, asked: Asked, interaction: Create): Promise<Step> {
  const { type } = interaction
  requireScope(exchange, { verb: 'create', type })
  const criteria = interaction.kind === 'create' ? undefined : exactCriteria(exchange, interaction)
  // The id is the server's to give; one chosen by the caller would tell whether it is taken (FHIR R4, "create").
  const { id: _chosen, ...rest } = requireBody(asked, type)
  const proposed: Resource = { ...rest, resourceType: type }
  await requireWritable(exchange, proposed, { verb: 'create' })
  const condition = criteria === undefined ? undefined : await visibleCriteria(exchange, type, criteria)
  return {
    call: {
      method: 'POST',
      url: type,
      body: JSON.stringify(exchange.trust.resourceToUpstream(proposed)),
      headers: { prefer: 'return=representation', ...(condition === undefined ? {} : { 'if-none-exist': condition }) },
    },
    resource: proposed,
    review: (reply) => reviewCreate(exchange, asked, type, reply),
  }
}

/**
 * The stored version must be the caller's to change and the new one too, and nothing may come between the two looks: the
 * change carries the version that was seen. A resource that does not exist is not created this way; to somebody who may not
 * see it, it would answer differently from one that does.
 */
export async function updateStep(exchange: Exchange, asked: Asked, target: Target): Promise<Step> {
  requireScope(exchange, { verb: 'update', ...target })
  const proposed = requireBody(asked, target.type)
  if (proposed['id'] !== target.id) throw badRequest('the id of the resource is the id of the address')
  const stored = await readStored(exchange, target, { verb: 'update', ifMatch: asked.ifMatch })
  return replaceStep(exchange, asked, target, stored, proposed)
}

/** Applied here, so that the outcome is known before it is stored. Its tests tell about the data, so it needs reading too. */
export async function patchStep(exchange: Exchange, asked: Asked, target: Target): Promise<Step> {
  requireScope(exchange, { verb: 'update', ...target })
  requireScope(exchange, { verb: 'read', ...target })
  const stored = await readStored(exchange, target, { verb: 'update', also: 'read', ifMatch: asked.ifMatch })
  const proposed = patched(stored.resource, asked.body)
  if (proposed.resourceType !== target.type || proposed['id'] !== target.id) {
    throw unprocessable('a patch keeps the type and the id')
  }
  return replaceStep(exchange, asked, target, stored, proposed)
}

export async function deleteStep(exchange: Exchange, asked: Asked, target: Target): Promise<Step> {
  requireScope(exchange, { verb: 'delete', ...target })
  const stored = await readStored(exchange, target, { verb: 'delete', ifMatch: asked.ifMatch })
  requireNoInstruction(stored.resource)
  return {
    call: { method: 'DELETE', url: `${target.type}/${target.id}`, headers: { 'if-match': stored.version } },
    review: reviewDelete,
  }
}

async function replaceStep(
  exchange: Exchange,
  asked: Asked,
  target: Target,
  stored: Stored,
  proposed: Resource,
): Promise<Step> {
  await requireWritable(exchange, proposed, { verb: 'update', stored: stored.resource })
  return {
    call: {
      method: 'PUT',
      url: `${target.type}/${target.id}`,
      body: JSON.stringify(exchange.trust.resourceToUpstream(proposed)),
      headers: { prefer: 'return=representation', 'if-match': stored.version },
    },
    resource: proposed,
    review: (reply) => reviewUpdate(exchange, asked, target, reply),
  }
}

function requireBody(asked: Asked, type: string): Resource {
  if (!isResource(asked.body)) throw badRequest('the body is not a resource')
  if (asked.body.resourceType !== type) throw badRequest('the type of the resource is the type of the address')
  return asked.body
}

function patched(stored: Resource, patch: unknown): Resource {
  try {
    const result = applyJsonPatch(stored, patch)
    if (isResource(result)) return result
  } catch (error) {
    if (error instanceof PatchProblem) throw unprocessable(error.message)
    throw error
  }
  throw unprocessable('a patch keeps the type and the id')
}

/** Whether criteria matched is an answer too, so they are narrowed like a search, and refused when that cannot be done exactly. */
export function exactCriteria(
  exchange: Exchange,
  { type, search }: { readonly type: string; readonly search: SearchQuery },
): string {
  const plan = planSearch(exchange, { type, search })
  if (!plan.constraint.exact) throw forbidden('these criteria cannot be confined')
  return formatQuery(exactQuestion(plan))
}
