export type StubResource = { resourceType: string; id?: string; [member: string]: unknown }

const referenced = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'reference' in value ? String(value.reference) : ''

/** Parameters that compare what a resource refers to by the element of their name. */
const REFERENCES = ['encounter', 'part-of', 'service-provider']
const TOKENS = ['category', 'identifier', 'code']
const CHAIN = /^(?<param>patient|subject)(?::Patient)?\.(?<rest>\w+)$/

const elementOf = (param: string): string => param.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

const refersTo = (resource: StubResource, param: string): string =>
  param === 'patient' || param === 'subject'
    ? referenced(resource['subject'] ?? resource['patient'])
    : referenced(resource[elementOf(param)])

/** The parameters the tests search by; every other one is ignored. */
export function matchesQuery(
  resource: StubResource,
  query: URLSearchParams,
  all: (type: string) => readonly StubResource[] = () => [],
): boolean {
  const patient = query.get('patient') ?? query.get('subject')
  const patients = (patient ?? '').split(',').map((one) => one.replace(/^Patient\//, ''))
  if (patient && !patients.some((one) => refersTo(resource, 'patient').endsWith(one))) return false
  if (!query.getAll('_id').every((ids) => ids.split(',').includes(resource.id ?? ''))) return false
  for (const name of REFERENCES)
    for (const wanted of query.getAll(name)) if (!wanted.split(',').includes(refersTo(resource, name))) return false
  for (const name of TOKENS) {
    for (const wanted of query.getAll(name)) {
      const text = JSON.stringify(resource[name] ?? '')
      if (!wanted.split(',').some((one) => text.includes(`"${one.split('|').at(-1)}"`))) return false
    }
  }
  for (const [name, value] of query) {
    const { rest } = CHAIN.exec(name)?.groups ?? {}
    if (rest === undefined || !TOKENS.includes(rest)) continue
    const owners = all('Patient').filter((one) => matchesQuery(one, new URLSearchParams({ [rest]: value })))
    if (!owners.some(({ id }) => refersTo(resource, 'patient') === `Patient/${id}`)) return false
  }
  return true
}

type All = (type: string) => readonly StubResource[]

const ROUNDS = 3

/** Everything `_include` and `_revinclude` bring, in rounds; each resource once, none that is already a match. */
function broughtBy(all: All, query: URLSearchParams, matches: readonly StubResource[]): readonly StubResource[] {
  const seen = new Set(matches)
  const brought: StubResource[] = []
  let from = matches
  for (let round = 0; round < ROUNDS && from.length > 0; round += 1) {
    const asked = (name: string) => [...(round === 0 ? query.getAll(name) : []), ...query.getAll(`${name}:iterate`)]
    const base = from
    const forward = asked('_include').flatMap((include) => {
      const [source, param = '', target = ''] = include.split(':')
      const names = base.filter((one) => one.resourceType === source).map((one) => refersTo(one, param))
      return names
        .filter((name) => name.startsWith(target))
        .flatMap((name) => all(name.split('/')[0] ?? '').filter((one) => `${one.resourceType}/${one.id}` === name))
    })
    const back = asked('_revinclude').flatMap((include) => {
      const [source = '', param = '', target = ''] = include.split(':')
      const names = base.map((one) => `${one.resourceType}/${one.id}`).filter((name) => name.startsWith(target))
      return all(source).filter((one) => names.includes(refersTo(one, param)))
    })
    from = [...new Set([...forward, ...back])].filter((one) => !seen.has(one))
    for (const one of from) seen.add(one)
    brought.push(...from)
  }
  return brought
}

/** By `_id` or by the text of an element, in either direction; ties keep their order. */
function sorted(found: readonly StubResource[], sort: string | null): readonly StubResource[] {
  if (sort === null) return found
  const [, minus, key = ''] = /^(-?)(.*)$/.exec(sort) ?? []
  const valueOf = (one: StubResource): string => (key === '_id' ? (one.id ?? '') : JSON.stringify(one[key] ?? ''))
  return found.toSorted((a, b) => valueOf(a).localeCompare(valueOf(b)) * (minus === '-' ? -1 : 1))
}

const CUT = { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'too-costly' }] }

/** A page of matches, what they refer to and what refers to them where that was asked for, and a link to the next page. */
export function searchBundle(
  base: string,
  all: All,
  type: string,
  query: URLSearchParams,
  mostIncluded = 1000,
  mostMatches = 10_000,
): StubResource {
  const found = sorted(
    all(type).filter((resource) => matchesQuery(resource, query, all)),
    query.get('_sort'),
  )
  const offset = Number(query.get('_offset') ?? 0)
  const matches = found.slice(offset, offset + Math.min(Number(query.get('_count') ?? found.length), mostMatches))
  const included = broughtBy(all, query, matches)
  if (query.get('_summary') === 'count') return { resourceType: 'Bundle', type: 'searchset', total: found.length }
  const entryOf = (resource: StubResource, mode: string) => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode },
  })
  const next = new URLSearchParams([...query].filter(([name]) => name !== '_offset'))
  next.append('_offset', String(offset + matches.length))
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(query.get('_total') === 'accurate' ? { total: found.length } : {}),
    link: [
      { relation: 'self', url: `${base}/${type}?${query.toString()}` },
      ...(offset + matches.length < found.length
        ? [{ relation: 'next', url: `${base}/${type}?${next.toString()}` }]
        : []),
    ],
    entry: [
      ...matches.map((resource) => entryOf(resource, 'match')),
      ...included.slice(0, mostIncluded).map((resource) => entryOf(resource, 'include')),
      ...(included.length > mostIncluded ? [{ resource: CUT, search: { mode: 'outcome' } }] : []),
    ],
  }
}
