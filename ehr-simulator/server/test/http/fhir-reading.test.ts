import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Bundle } from '@medplum/fhirtypes'
import { askFhir, assertLogTellsNobody } from './fhir-client.ts'
import { OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())
const ask = askFhir(world)

describe('reading over HTTP', () => {
  test('a resource has its version as ETag and answers 304 to who has it', async () => {
    const answer = await ask('/Patient/cdp1004')
    assert.equal(answer.headers.get('etag'), 'W/"1"')
    assert.ok(answer.headers.get('last-modified'))
    assert.equal((await ask('/Patient/cdp1004', { headers: { 'if-none-match': 'W/"1"' } })).status, 304)
    assert.equal((await ask('/Patient/cdp1004', { headers: { 'if-none-match': 'W/"2"' } })).status, 200)
    assert.equal((await ask('/Patient/cdp1004', { method: 'HEAD' })).status, 200)
  })

  test('addresses in a Bundle are absolute and of this store', async () => {
    const bundle = (await (await ask('/Observation?patient=cdp1001&_count=2')).json()) as Bundle // a search
    const base = `${world.address}/${OUS}/fhir/`
    for (const { url } of bundle.link ?? []) assert.ok(url.startsWith(`${base}Observation?`))
    for (const { fullUrl, resource } of bundle.entry ?? []) assert.equal(fullUrl, `${base}Observation/${resource?.id}`)
  })

  test('a search by POST is the same search', async () => {
    const form = {
      method: 'POST',
      body: 'patient=cdp1001&_count=2&_sort=-date',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }
    const posted = (await (await ask('/Observation/_search', form)).json()) as Bundle // as above
    const asked = (await (await ask('/Observation?patient=cdp1001&_count=2&_sort=-date')).json()) as Bundle
    assert.deepEqual(posted, asked)
    const inCompartment = (await (
      await ask('/Patient/cdp1001/Observation/_search', { ...form, body: '_summary=count' })
    ).json()) as Bundle
    assert.ok((inCompartment.total ?? 0) > 0)
  })

  test('XML is 406, every spelling of JSON is not', async () => {
    for (const accept of ['application/fhir+xml', 'text/html', 'application/xml;q=0.9'])
      assert.equal((await ask('/Patient/cdp1004', { headers: { accept } })).status, 406)
    assert.equal((await ask('/Patient/cdp1004?_format=xml')).status, 406)
    for (const accept of ['application/fhir+json', 'application/json', '*/*', 'text/html, application/*;q=0.8'])
      assert.equal((await ask('/Patient/cdp1004', { headers: { accept } })).status, 200)
    assert.equal((await ask('/Patient/cdp1004?_format=json', { headers: { accept: 'text/html' } })).status, 200)
  })

  test('a Bundle longer than others should wait for is refused', async () => {
    const entry = Array.from({ length: 301 }, () => ({ request: { method: 'GET', url: 'Patient/cdp1004' } }))
    assert.equal(
      (await ask('', { method: 'POST', body: { resourceType: 'Bundle', type: 'batch', entry } })).status,
      400,
    )
  })

  test('an address too long to be honest is refused', async () => {
    const answer = await ask(`/Patient?name=${'a'.repeat(15_999)}`)
    assert.ok(answer.status === 414 || answer.status === 431)
  })
})

test('the log of all this holds no name, no national id, no token and no id', () => assertLogTellsNobody(world))
