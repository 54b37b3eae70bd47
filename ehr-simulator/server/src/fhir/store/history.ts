import type { WithId } from '@medplum/core'
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes'

export type HistoryOptions = {
  readonly since?: Date | undefined
  readonly count?: number | undefined
  readonly offset?: number | undefined
}

/** One version of one resource; a deletion has no content. */
export type Version = {
  readonly type: string
  readonly id: string
  readonly version: number
  readonly updated: Date
  readonly method: string
  readonly json: string | undefined
}

type Place = { readonly base: string; readonly path: string }

function versionEntry<T extends Resource>(version: Version, base: string): BundleEntry<WithId<T>> {
  const reference = `${version.type}/${version.id}`
  const status = { POST: '201', PUT: '200', DELETE: '204' }[version.method] ?? '200'
  return {
    fullUrl: `${base}/${reference}`,
    ...(version.json === undefined ? {} : { resource: JSON.parse(version.json) as WithId<T> }), // what the store wrote for this type
    request: {
      method: version.method === 'POST' || version.method === 'DELETE' ? version.method : 'PUT',
      url: version.method === 'POST' ? version.type : reference,
    },
    response: { status, etag: `W/"${version.version}"`, lastModified: version.updated.toISOString() },
  }
}

/** A history Bundle, in the order given: newest first (R4 http.html#history). */
export function historyBundle<T extends Resource>(
  { versions, total }: { readonly versions: readonly Version[]; readonly total: number },
  { base, path }: Place,
): Bundle<WithId<T>> {
  return {
    resourceType: 'Bundle',
    type: 'history',
    total,
    link: [{ relation: 'self', url: `${base}/${path}` }],
    entry: versions.map((version) => versionEntry<T>(version, base)),
  }
}
