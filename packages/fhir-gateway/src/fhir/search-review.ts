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
 * The Bundle is built anew from named members. Where policy hides nothing the question was exact, so a page with something to
 * hold back comes from a server that did not keep to it, and its count is not told.
 */
export async function reviewSearch(
  exchange: Exchange,
  asked: Asked,
  plan: SearchPlan,
  reply: FhirReply,
): Promise<FhirAnswer> {
  const bundle = requireBundle(reply, 'searchset')
  const found = plan.countOnly ? [] : objectsOf(bundle['entry'])
  const reviewed = await reviewEntries(exchange, plan, found)
  const heldBack = found.some((entry, index) => modeOf(entry) === 'match' && reviewed[index] === undefined)
  const total = bundle['total']
  const mayCount = !heldBack && typeof total === 'number' && Number.isInteger(total)
  const entries = reviewed.filter((entry) => entry !== undefined)
  return searchset([...entries, ...warnings(bundle)], {
    ...(mayCount ? { total } : {}),
    // A count has no pages, whatever a server makes of it.
    link: bundleLinks(exchange, asked, plan.countOnly ? {} : bundle),
  })
}

export const searchset = (entries: readonly JsonObject[], members: JsonObject): FhirAnswer => ({
  status: 200,
  headers: {},
  resource: {
    resourceType: 'Bundle',
    type: 'searchset',
    ...members,
    ...(entries.length > 0 ? { entry: entries } : {}),
  },
})

/** For each entry of a page what of it is shown, or nothing. */
export async function reviewEntries(
  exchange: Exchange,
  plan: SearchPlan,
  found: readonly JsonObject[],
  how: { readonly looking?: boolean; readonly onBanner?: () => void } = {},
): Promise<readonly (JsonObject | undefined)[]> {
  // A match is found by searching; what came along was read, or found, by the way.
  const candidates = found.map((entry) => ({
    resource: entry['resource'],
    verbs: modeOf(entry) === 'match' ? (['search'] as const) : (['read', 'search'] as const),
  }))
  const visible = await exchange.review.visibleAmong(candidates, how)
  return found.map((entry, index) => {
    const resource = visible[index]
    const isMatch = modeOf(entry) === 'match'
    if (resource === undefined || (isMatch && resource.resourceType !== plan.type)) return undefined
    return {
      fullUrl: `${exchange.trust.fhirBase}/${resource.resourceType}/${stringOf(resource['id']) ?? ''}`,
      resource: isMatch ? project(resource, plan.projection) : resource,
      search: { mode: isMatch ? 'match' : 'include' },
    }
  })
}

const warning = (code: string, diagnostics: string, details: JsonObject = {}): JsonObject => ({
  resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code, ...details, diagnostics }] },
  search: { mode: 'outcome' },
})

/** Whoever reads a chart must know that something is missing from it. The sentence is ours, not that of the server behind us. */
export const CUT = warning('too-costly', 'not everything that belongs here was included')

/** Told only to those who could open what is blocked (AZ-48); to everybody else the chart looks whole. */
export const BLOCKED_BANNER = warning('suppressed', 'the patient has blocked something here', {
  details: {
    coding: [{ system: 'urn:uthopp:policy:banner', code: 'sperret-finnes' }],
    text: 'Pasienten har sperret opplysninger her.',
  },
})

export const warnings = (bundle: JsonObject): readonly JsonObject[] =>
  objectsOf(bundle['entry']).some(isCutWarning) ? [CUT] : []

export function isCutWarning(entry: JsonObject): boolean {
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

export const isMatch = (entry: JsonObject): boolean => modeOf(entry) === 'match'
