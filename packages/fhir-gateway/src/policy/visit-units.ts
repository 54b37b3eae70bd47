import { originOf } from '@uthopp/smart-core/fhir/origin'
import { isResource } from '@uthopp/smart-core/fhir/resource'
import { goesOn, requireBundle } from '#src/fhir/require-bundle.ts'
import type { UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { upstreamFailed } from '#src/http/refusals.ts'
import { objectsOf, stringOf } from '#src/json.ts'

/** contracts.md §5: what a decision rests on is at most this old. */
const FRESH_MS = 4000
const MOST_REMEMBERED = 20_000
/** Asked about at once; longer lists make longer addresses than servers take. */
const MOST_ASKED = 50

const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/

/**
 * The units a visit took place in, which most resources name only by their Encounter.
 *
 * A block of a unit's data reaches them by it, so what cannot be looked up is not guessed: the request fails.
 */
export function createVisitUnits(options: { readonly now: () => Date }) {
  const known = new Map<string, { readonly units: readonly string[]; readonly until: number }>()

  function remember(key: string, units: readonly string[]): void {
    const oldest = known.keys().next()
    if (known.size >= MOST_REMEMBERED && !oldest.done) known.delete(oldest.value)
    known.delete(key)
    known.set(key, { units, until: options.now().getTime() + FRESH_MS })
  }

  return async (
    orgnr: string,
    upstream: UpstreamFhir,
    bases: readonly string[],
    encounters: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> => {
    const found = new Map<string, readonly string[]>()
    const missing: string[] = []
    for (const id of encounters) {
      const entry = known.get(`${orgnr} ${id}`)
      if (entry !== undefined && options.now().getTime() < entry.until) found.set(id, entry.units)
      else if (FHIR_ID.test(id)) missing.push(id)
    }
    for (let from = 0; from < missing.length; from += MOST_ASKED) {
      const ids = missing.slice(from, from + MOST_ASKED)
      for (const [id, units] of await unitsOf(upstream, bases, ids)) {
        found.set(id, units)
        remember(`${orgnr} ${id}`, units)
      }
    }
    return found
  }
}

/** Asks again for what a page did not hold: a server may make its pages shorter than was asked for. */
async function unitsOf(
  upstream: UpstreamFhir,
  bases: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const url = `Encounter?_id=${ids.join(',')}&_count=${ids.length}`
  const bundle = requireBundle(await upstream({ method: 'GET', url }), 'searchset')
  const units = new Map<string, readonly string[]>()
  for (const { resource } of objectsOf(bundle['entry'])) {
    const id = isResource(resource) ? stringOf(resource['id']) : undefined
    if (isResource(resource) && id !== undefined && ids.includes(id)) units.set(id, originOf(resource, bases).units)
  }
  const left = ids.filter((id) => !units.has(id))
  if (left.length === 0) return units
  if (!goesOn(bundle)) return new Map([...units, ...left.map((id) => [id, []] as const)])
  if (units.size === 0) throw upstreamFailed(new Error('a page of visits holds none, and goes on'))
  return new Map([...units, ...(await unitsOf(upstream, bases, left))])
}

export type VisitUnits = ReturnType<typeof createVisitUnits>
