import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { StateContent } from './read-state.ts'
import type { StatePlace, StoredState } from './state-store.ts'

/** A state as the app gets it back. */
export function stateResource(state: StoredState, { subject }: Pick<StatePlace, 'subject'>): Resource {
  const { coding, extension } = JSON.parse(state.content) as StateContent // written from exactly this type
  return {
    resourceType: 'Basic',
    id: state.id,
    meta: { versionId: String(state.version), lastUpdated: state.updatedAt.toISOString() },
    ...(extension === undefined ? {} : { extension }),
    code: { coding: [coding] },
    ...(subject === '' ? {} : { subject: { reference: subject } }),
  }
}

export const etagOf = ({ version }: StoredState): string => `W/"${version}"`

/** A search by code and subject finds one state or none, so there are no pages. */
export const stateBundle = (self: string, base: string, found: Resource | undefined): Resource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: found === undefined ? 0 : 1,
  link: [{ relation: 'self', url: self }],
  ...(found === undefined
    ? {}
    : { entry: [{ fullUrl: `${base}/Basic/${String(found['id'])}`, resource: found, search: { mode: 'match' } }] }),
})
