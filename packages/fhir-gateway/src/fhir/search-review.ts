import { isRecord, isResource } from '@uthopp/smart-core/fhir/resource'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import { type FhirAnswer } from './answer.ts'
import { bundleLinks } from './bundle-links.ts'
import { project } from './projection.ts'
import { requireBundle } from './require-bundle.ts'
import type { SearchPlan } from './search-step.ts'
import type { Asked, Exchange } from './step.ts'
import type { FhirReply } from './upstream-fhir.ts'

/**
 * Decides every resource of a page again: what the server behind us makes of our question is its own affair.
 *
 * The Bundle is built anew from named members. The question was exact, so a page with something to hold back comes from a
 * server that did not keep to it, and its count is not told.
 */
export function reviewSearch(exchange: Exchange, asked: Asked, plan: SearchPlan, reply: FhirReply): FhirAnswer {
  const bundle = requireBundle(reply, 'searchset')
  const found = plan.countOnly ? [] : objectsOf(bundle['entry'])
  const entries: JsonObject[] = []
  let heldBack = false
  for (const entry of found) {
    const shown = reviewEntry(exchange, plan, entry)
    if (shown !== undefined) entries.push(shown)
    else if (modeOf(entry) === 'match') heldBack = true
  }
  if (found.some(isCutWarning)) entries.push(CUT_WARNING)
  const total = bundle['total']
  const mayCount = !heldBack && typeof total === 'number' && Number.isInteger(total)
  return {
    status: 200,
    headers: {},
    resource: {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(mayCount ? { total } : {}),
      link: bundleLinks(exchange, asked, bundle),
      ...(entries.length > 0 ? { entry: entries } : {}),
    },
  }
}

/** Whoever reads a chart must know that something is missing from it. The sentence is ours, not that of the server behind us. */
const CUT_WARNING: JsonObject = {
  resource: {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'warning', code: 'too-costly', diagnostics: 'not everything that belongs here was included' }],
  },
  search: { mode: 'outcome' },
}

function isCutWarning(entry: JsonObject): boolean {
  const { resource } = entry
  return (
    modeOf(entry) === 'outcome' &&
    isResource(resource) &&
    objectsOf(resource['issue']).some(({ code }) => code === 'too-costly' || code === 'incomplete')
  )
}

function modeOf(entry: JsonObject): string {
  const search = entry['search']
  return (isRecord(search) ? stringOf(search['mode']) : undefined) ?? 'match'
}

function reviewEntry(exchange: Exchange, plan: SearchPlan, entry: JsonObject): JsonObject | undefined {
  const mode = modeOf(entry)
  // A match is found by searching; what came along was read, or found, by the way.
  const verbs = mode === 'match' ? (['search'] as const) : (['read', 'search'] as const)
  const resource = exchange.review.visible(entry['resource'], verbs)
  if (resource === undefined || (mode === 'match' && resource.resourceType !== plan.type)) return undefined
  return {
    fullUrl: `${exchange.trust.fhirBase}/${resource.resourceType}/${stringOf(resource['id']) ?? ''}`,
    resource: mode === 'match' ? project(resource, plan.projection) : resource,
    search: { mode: mode === 'match' ? 'match' : 'include' },
  }
}
