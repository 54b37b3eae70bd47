import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { createHttpApp } from '@uthopp/server-kit/http-app'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { brandBundle } from '#src/brands/brand-bundle.ts'
import { answerBrands, publishBrands } from '#src/brands/publication.ts'
import { MIGRATIONS } from '#src/storage/migrations.ts'
import { AHUS, type Loose, OUS } from './world.ts'

const BRANDS = {
  developerSite: 'https://dev.example/',
  region: { orgnr: '991324968', name: 'The region', site: 'https://www.region.example/om-oss' },
  trusts: [
    {
      orgnr: OUS,
      site: 'https://www.ous.example/',
      logo: 'https://www.ous.example/logo.svg',
      portal: { name: 'My hospital', url: 'https://my.ous.example/', description: 'What we know of you' },
    },
    { orgnr: AHUS, site: 'https://ahus.example/' },
  ],
}

function deploymentWith(more: object): Deployment {
  const at = (name: string): string => `https://${name}.example`
  return parseDeployment({
    world: 'production',
    addresses: { launcher: at('launcher'), host: at('host'), auth: at('auth'), gateway: at('gateway') },
    trusts: [OUS, AHUS].map((orgnr) => ({ orgnr, name: `Trust ${orgnr}`, shortName: orgnr })),
    ...more,
  })
}

const CHANGED = new Date('2030-01-01T00:00:00Z')
const bundleOf = (given: object = BRANDS, more: object = {}): Loose => {
  const deployment = deploymentWith({ brands: given, ...more })
  if (deployment.brands === undefined) throw new Error('no brands were given')
  return brandBundle(deployment, deployment.brands, CHANGED)
}
const ofType = (bundle: Loose, type: string): Loose[] =>
  bundle.entry.map((entry: Loose) => entry.resource).filter((resource: Loose) => resource.resourceType === type)
const extensions = (resource: Loose, name: string): Loose[] =>
  (resource.extension ?? []).filter(({ url }: Loose) => url === `http://hl7.org/fhir/StructureDefinition/${name}`)

describe('the bundle of brands', () => {
  const bundle = bundleOf()

  test('is a collection with its time of change and resources of two types, whose ids are no part of each other (SAL-227)', () => {
    assert.deepEqual([bundle.resourceType, bundle.type], ['Bundle', 'collection'])
    assert.deepEqual([bundle.timestamp, bundle.meta.lastUpdated], [CHANGED.toISOString(), CHANGED.toISOString()])
    const resources = bundle.entry.map(({ resource }: Loose) => resource)
    for (const { resource, fullUrl } of bundle.entry) {
      assert.ok(['Organization', 'Endpoint'].includes(resource.resourceType))
      assert.equal(fullUrl, `https://gateway.example/brands/${resource.resourceType}/${resource.id}`)
      const others = resources.filter((other: Loose) => other !== resource)
      assert.ok(others.every(({ id }: Loose) => !id.includes(resource.id)))
    }
  })

  test('gives every Endpoint one brand that names it, at most two levels deep (SAL-228)', () => {
    const organizations = ofType(bundle, 'Organization')
    for (const { id } of ofType(bundle, 'Endpoint'))
      assert.equal(
        organizations.filter(({ endpoint = [] }) =>
          endpoint.some(({ reference }: Loose) => reference === `Endpoint/${id}`),
        ).length,
        1,
      )
    const ids = new Set(bundle.entry.map(({ resource }: Loose) => `${resource.resourceType}/${resource.id}`))
    for (const { partOf, endpoint = [] } of organizations) {
      for (const { reference } of [...endpoint, ...(partOf === undefined ? [] : [partOf])])
        assert.ok(ids.has(reference))
      if (partOf === undefined) continue
      const parent = organizations.find(({ id }) => partOf.reference === `Organization/${id}`)
      assert.equal(parent?.partOf, undefined)
    }
    assert.equal(ofType(bundle, 'Endpoint').length, 2)
  })

  test('has for each Organization what the profile of a brand demands (SAL-229)', () => {
    for (const organization of ofType(bundle, 'Organization')) {
      assert.match(organization.name, /\w/)
      assert.equal(organization.telecom.length, 1)
      const [{ system, value }] = organization.telecom
      assert.deepEqual([system, new URL(value).protocol], ['url', 'https:'])
      const site = organization.identifier.find((one: Loose) => one.system === 'urn:ietf:rfc:3986').value
      assert.equal(site, new URL(value).origin.replace('www.', ''))
      for (const { coding } of organization.type)
        assert.deepEqual(coding, [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'prov' }])
      assert.match(organization.address[0].country, /^[A-Z]{2}$/)
    }
  })

  test('names a brand’s bundle and logo, and a portal with an Endpoint that is the organization’s too (SAL-230, SAL-231)', () => {
    const [region, ous, ahus] = ofType(bundle, 'Organization')
    for (const organization of [region, ous, ahus]) {
      const [brand, ...others] = extensions(organization, 'organization-brand')
      assert.deepEqual(others, [])
      assert.deepEqual(brand.extension.at(-1), { url: 'brandBundle', valueUrl: 'https://gateway.example/brands.json' })
    }
    assert.deepEqual([extensions(region, 'organization-portal'), extensions(ahus, 'organization-portal')], [[], []])
    const [portal] = extensions(ous, 'organization-portal')
    assert.deepEqual(portal.extension, [
      { url: 'portalName', valueString: 'My hospital' },
      { url: 'portalDescription', valueMarkdown: 'What we know of you' },
      { url: 'portalUrl', valueUrl: 'https://my.ous.example/' },
      { url: 'portalLogo', valueUrl: 'https://www.ous.example/logo.svg' },
      { url: 'portalEndpoint', valueReference: { reference: `Endpoint/endpoint-${OUS}` } },
    ])
    assert.deepEqual(ous.endpoint, [{ reference: `Endpoint/endpoint-${OUS}` }])
  })

  test('has for each Endpoint what the profile of an endpoint demands (SAL-232)', () => {
    for (const endpoint of ofType(bundle, 'Endpoint')) {
      assert.deepEqual([endpoint.status, endpoint.connectionType.code], ['active', 'hl7-fhir-rest'])
      assert.match(endpoint.address, /^https:\/\/gateway\.example\/\d{9}\/fhir$/)
      assert.deepEqual(endpoint.contact, [{ system: 'url', value: 'https://dev.example/' }])
      assert.deepEqual(
        extensions(endpoint, 'endpoint-fhir-version').map(({ valueCode }) => valueCode),
        ['4.0.1'],
      )
      assert.deepEqual(
        endpoint.payloadType.map(({ coding }: Loose) => coding.map(({ code }: Loose) => code)),
        [['none']],
      )
    }
  })

  test('leaves nothing unsaid with a reason why (SAL-233)', () => {
    assert.ok(!JSON.stringify(bundle).includes('data-absent-reason'))
  })

  test('says of itself in a demonstration that it is made for tests, and elsewhere does not', () => {
    const { region: _, ...flat } = BRANDS
    const demo = bundleOf(flat, { world: 'demo' })
    for (const resource of [demo, ...ofType(demo, 'Organization'), ...ofType(demo, 'Endpoint')])
      assert.equal(resource.meta.tag[0].code, 'HTEST')
    assert.ok(ofType(demo, 'Endpoint').every(({ name }) => name.includes('demonstration')))
    assert.ok(ofType(demo, 'Organization').every(({ partOf }) => partOf === undefined))
    assert.ok(!JSON.stringify(bundle).includes('HTEST'))
  })
})

onEachEngine(MIGRATIONS, ({ open }) => {
  test('the time of the brands is that of their last change, and their tag follows it', async () => {
    const db = await open()
    const deployment = deploymentWith({ brands: BRANDS })
    const first = await publishBrands(db, deployment, CHANGED)
    const again = await publishBrands(db, deployment, new Date('2031-01-01T00:00:00Z'))
    assert.deepEqual(again, first)
    const renamed = deploymentWith({ brands: { ...BRANDS, developerSite: 'https://new.example/' } })
    const later = await publishBrands(db, renamed, new Date('2031-01-01T00:00:00Z'))
    assert.notEqual(later?.etag, first?.etag)
    assert.equal(JSON.parse(later?.body ?? '').timestamp, '2031-01-01T00:00:00.000Z')
    assert.equal(await publishBrands(db, deploymentWith({}), CHANGED), undefined)
  })
})

describe('the brands at their address', () => {
  const publication = { body: '{"resourceType":"Bundle"}', etag: 'W/"abc"' }
  let server: Awaited<ReturnType<typeof listen>>
  before(async () => {
    const log = createLog({ name: 'brands', level: 'error', write: () => undefined })
    const app = createHttpApp({
      name: 'brands',
      log,
      metrics: createMetrics({ name: 'brands' }),
      ready: () => Promise.resolve(undefined),
    })
    app.router.get('/brands.json', (ctx) => answerBrands(ctx, publication))
    server = await listen(app.handler, { port: 0, name: 'brands' })
  })
  after(() => server.close())

  test('are JSON for anybody, with a weak tag by which they are asked again (SAL-226, SAL-200)', async () => {
    const ask = (headers: Readonly<Record<string, string>> = {}) =>
      fetch(`http://127.0.0.1:${server.port}/brands.json`, { headers })
    const answer = await ask()
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.equal(answer.headers.get('etag'), publication.etag)
    assert.equal(await answer.text(), publication.body)
    for (const known of [publication.etag, '"abc"', 'W/"old", W/"abc"', '*'])
      assert.equal((await ask({ 'if-none-match': known })).status, 304, known)
    assert.equal((await ask({ 'if-none-match': 'W/"old"' })).status, 200)
  })
})
