import { formatQuery, type QueryParam } from '@uthopp/smart-core/fhir/query'
import { isResource } from '@uthopp/smart-core/fhir/resource'
import { findSearchParameter } from '@uthopp/smart-core/fhir/search-parameters'
import type { SearchParam } from '@uthopp/smart-core/fhir/search-query'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import { goesOn, requireBundle } from './require-bundle.ts'
import { isCutWarning, isMatch, reviewEntries } from './search-review.ts'
import type { SearchPlan } from './search-step.ts'
import { foundPages, postedSearch } from './settle-search.ts'
import type { Exchange } from './step.ts'

/** What comes along with one page of ours at most, and in how many steps. */
const MOST_INCLUDED = 1000
const MOST_ROUNDS = 3
/** Asked about at once; longer lists make longer questions than servers take. */
const MOST_ASKED = 100

type Included = { readonly entries: readonly JsonObject[]; readonly isCut: boolean }

export const includesOf = ({ params }: SearchPlan): readonly SearchParam[] =>
  params.filter(({ kind }) => kind === 'include' || kind === 'revinclude')

/**
 * What `_include` and `_revinclude` bring to the matches that are shown, each resource once and in an order of its own.
 *
 * It follows from what is shown alone: it is neither asked for by a hidden match nor reached through a hidden resource, and
 * whether it had to be cut is not said of what the server behind us left out on the way.
 *
 * `brought`: what came along with a page of the server behind us, when all its matches are shown and nothing else is.
 */
export async function includedWith(
  exchange: Exchange,
  plan: SearchPlan,
  shown: readonly JsonObject[],
  brought: readonly JsonObject[] | undefined,
): Promise<Included> {
  const includes = includesOf(plan)
  if (includes.length === 0 || shown.length === 0) return { entries: [], isCut: false }
  if (brought !== undefined && !brought.some(isCutWarning)) {
    const reviewed = await reviewEntries(exchange, plan, brought)
    const visible = reviewed.filter((entry) => entry !== undefined)
    const iterates = includes.some(({ modifier }) => modifier !== null)
    if (!iterates || visible.length === brought.length) return { entries: inOrder(visible), isCut: false }
  }
  const known = new Set(shown.map(nameOf))
  const entries: JsonObject[] = []
  let isCut = false
  let from = shown
  for (let round = 0; round < MOST_ROUNDS && from.length > 0 && !isCut; round += 1) {
    const asked = includes.filter(({ modifier }) => round === 0 || modifier !== null)
    const added: JsonObject[] = []
    for await (const page of broughtBy(exchange, asked, idsByType(from))) {
      isCut ||= page.isCut
      const fresh = page.found.filter((entry) => !known.has(nameOf(entry)))
      for (const entry of await reviewEntries(exchange, plan, fresh)) {
        if (entry === undefined || known.has(nameOf(entry))) continue
        known.add(nameOf(entry))
        added.push(entry)
      }
      if (entries.length + added.length > MOST_INCLUDED) isCut = true
      if (isCut) break
    }
    entries.push(...added)
    from = added
  }
  return { entries: inOrder(entries.slice(0, MOST_INCLUDED)), isCut }
}

const nameOf = ({ resource }: JsonObject): string =>
  isResource(resource) ? `${resource.resourceType}/${stringOf(resource['id']) ?? ''}` : ''

const inOrder = (entries: readonly JsonObject[]): readonly JsonObject[] =>
  [...new Map(entries.map((entry) => [nameOf(entry), entry]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry)

type Named = { readonly type: string; readonly ids: readonly string[] }

function idsByType(entries: readonly JsonObject[]): readonly Named[] {
  const ids = new Map<string, string[]>()
  for (const { resource } of entries) {
    const id = isResource(resource) ? stringOf(resource['id']) : undefined
    if (isResource(resource) && id !== undefined)
      ids.set(resource.resourceType, [...(ids.get(resource.resourceType) ?? []), id])
  }
  return [...ids].flatMap(([type, all]) =>
    Array.from({ length: Math.ceil(all.length / MOST_ASKED) }, (_, part) => ({
      type,
      ids: all.slice(part * MOST_ASKED, (part + 1) * MOST_ASKED),
    })),
  )
}

/** What came along, as entries of their own, not decided on yet. */
type Brought = { readonly found: readonly JsonObject[]; readonly isCut: boolean }

async function* broughtBy(
  exchange: Exchange,
  includes: readonly SearchParam[],
  bases: readonly Named[],
): AsyncGenerator<Brought> {
  for (const base of bases) {
    const forward = includes.filter(({ kind, touches }) => kind === 'include' && touches[0]?.type === base.type)
    if (forward.length > 0) yield* askedForward(exchange, forward, base)
    for (const include of includes) {
      const source = include.touches[0]
      if (include.kind !== 'revinclude' || source === undefined || !mayPointAt(include, base.type)) continue
      const targets = base.ids.map((id) => `${base.type}/${id}`).join(',')
      for await (const found of foundPages(exchange, source.type, [[source.param, targets]]))
        yield { found: found.map(({ resource }) => asInclude(resource)), isCut: false }
    }
  }
}

function mayPointAt({ touches, value }: SearchParam, type: string): boolean {
  const [source] = touches
  const [, , target] = value.split(':')
  if (target !== undefined && target !== type) return false
  const targets = source === undefined ? [] : (findSearchParameter(source.type, source.param)?.targets ?? [])
  return targets.includes('*') || targets.includes(type)
}

/** By the ids of what is shown. Where the server behind us cuts what it brings, or spreads it over pages, it is asked about fewer. */
async function* askedForward(
  exchange: Exchange,
  includes: readonly SearchParam[],
  { type, ids }: Named,
): AsyncGenerator<Brought> {
  const question: readonly QueryParam[] = [
    ['_id', ids.join(',')],
    ['_count', String(ids.length)],
    ...includes.map(({ value }): QueryParam => ['_include', value]),
  ]
  const bundle = requireBundle(await exchange.upstream(postedSearch(type, formatQuery(question))), 'searchset')
  const entries = objectsOf(bundle['entry'])
  const isCut = entries.some(isCutWarning) || goesOn(bundle)
  if (isCut && ids.length > 1) {
    const half = Math.ceil(ids.length / 2)
    yield* askedForward(exchange, includes, { type, ids: ids.slice(0, half) })
    yield* askedForward(exchange, includes, { type, ids: ids.slice(half) })
    return
  }
  const found = entries.filter((entry) => !isMatch(entry) && !isCutWarning(entry))
  yield { found: found.map(({ resource }) => asInclude(resource)), isCut }
}

const asInclude = (resource: unknown): JsonObject => ({ resource, search: { mode: 'include' } })
