import { expect, test } from '@playwright/test'
import { AHUS, OUS } from '../lib/addresses.ts'
import { runningTarget } from './running-world.ts'
import { discover } from './target.ts'

type Reference = { readonly reference: string }
type Identifier = { readonly system: string; readonly value: string }
type Resource = {
  readonly resourceType: string
  readonly id: string
  readonly address: string
  readonly identifier: readonly Identifier[]
  readonly endpoint?: readonly Reference[]
}
type Bundle = Readonly<Record<string, unknown>> & { readonly entry: readonly { readonly resource: Resource }[] }

/** The bundle as a reader without an origin gets it. */
async function publication(): Promise<{
  readonly answer: Response
  readonly bundle: Bundle
  readonly address: string
}> {
  const address = String((await discover(runningTarget()))['user_access_brand_bundle'])
  const answer = await fetch(address)
  return { answer, bundle: (await answer.json()) as Bundle, address }
}

const ofType = ({ entry }: Bundle, type: string): readonly Resource[] =>
  entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type)

test('the brands are published to anybody and asked again by their tag, as the brands kit does (SAL-200, SAL-226)', async () => {
  const { answer, bundle, address } = await publication()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'collection' })
  expect(Date.parse(String(bundle['timestamp']))).not.toBeNaN()
  const etag = answer.headers.get('etag') ?? ''
  expect(etag).toMatch(/^W\/"/)
  const again = await fetch(address, { headers: { 'if-none-match': etag, origin: 'https://app.example' } })
  expect([again.status, again.headers.get('access-control-allow-origin')]).toEqual([304, '*'])
})

test('every Endpoint is named by an Organization and answers with its capabilities, and every one named is there (§27.9)', async () => {
  const { bundle } = await publication()
  const [organizations, endpoints] = [ofType(bundle, 'Organization'), ofType(bundle, 'Endpoint')]
  const named = organizations.flatMap(({ endpoint = [] }) => endpoint.map(({ reference }) => reference))
  expect(named.toSorted()).toEqual(endpoints.map(({ id }) => `Endpoint/${id}`).toSorted())
  for (const { address } of endpoints) {
    const metadata = await fetch(`${address}/metadata`, { headers: { accept: 'application/fhir+json' } })
    expect([address, metadata.status]).toEqual([address, 200])
    expect(await metadata.json()).toMatchObject({ resourceType: 'CapabilityStatement' })
  }
})

test('discovery of each trust names the same bundle and one brand in it (SAL-224, SAL-225)', async () => {
  const { bundle, address } = await publication()
  const identifiers = ofType(bundle, 'Organization').flatMap(({ identifier }) => identifier)
  const brands = new Set<string>()
  for (const orgnr of [OUS, AHUS]) {
    const smart = await discover(runningTarget(orgnr))
    const brand = smart['user_access_brand_identifier'] as Identifier
    expect(smart['user_access_brand_bundle']).toBe(address)
    expect(identifiers.filter(({ system, value }) => system === brand.system && value === brand.value)).toHaveLength(1)
    brands.add(brand.value)
  }
  expect(brands.size).toBe(2)
})
