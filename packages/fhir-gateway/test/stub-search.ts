export type StubResource = { resourceType: string; id?: string; [member: string]: unknown }

const referenced = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'reference' in value ? String(value.reference) : ''

/** The parameters the tests search by; every other one is ignored. */
export function matchesQuery(resource: StubResource, query: URLSearchParams): boolean {
  const patient = query.get('patient') ?? query.get('subject')
  if (patient && !referenced(resource['subject'] ?? resource['patient']).endsWith(patient.replace(/^Patient\//, '')))
    return false
  if (!query.getAll('_id').every((ids) => ids.split(',').includes(resource.id ?? ''))) return false
  for (const name of ['category', 'identifier']) {
    for (const wanted of query.getAll(name)) {
      const text = JSON.stringify(resource[name] ?? '')
      if (!wanted.split(',').some((one) => text.includes(`"${one.split('|').at(-1)}"`))) return false
    }
  }
  return true
}

/** A page of matches, what they refer to and what refers to them where that was asked for, and a link to the next page. */
export function searchBundle(
  base: string,
  all: (type: string) => readonly StubResource[],
  type: string,
  query: URLSearchParams,
): StubResource {
  const found = all(type).filter((resource) => matchesQuery(resource, query))
  const offset = Number(query.get('_offset') ?? 0)
  const matches = found.slice(offset, offset + Number(query.get('_count') ?? found.length))
  const includes = query.getAll('_include').flatMap((include) => {
    const param = include.split(':')[1] ?? ''
    return matches.flatMap((resource) =>
      all(referenced(resource[param]).split('/')[0] ?? '').filter(
        (one) => `${one.resourceType}/${one.id}` === referenced(resource[param]),
      ),
    )
  })
  const revincludes = query.getAll('_revinclude').flatMap((include) => {
    const [source = '', param = ''] = include.split(':')
    return all(source).filter((one) => matches.some((m) => referenced(one[param]) === `${m.resourceType}/${m.id}`))
  })
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
      ...[...includes, ...revincludes].map((resource) => entryOf(resource, 'include')),
    ],
  }
}
