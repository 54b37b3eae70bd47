import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AHUS, OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())

const ask = (path: string, authorization?: string) =>
  fetch(`${world.address}${path}`, {
    headers: { accept: 'application/dicom+json', ...(authorization === undefined ? {} : { authorization }) },
  })

describe('the guard of the imaging door', () => {
  test('lets nobody in without a token, whatever the path', async () => {
    for (const path of ['/studies', '/studies/1.2.3/metadata', '/', '', '/anything']) {
      assert.equal((await ask(`/${OUS}/dicomweb${path}`)).status, 401, path)
    }
  })

  test("takes the gateway's token for this door of the trust, and no other", async () => {
    const token = await world.asGateway(OUS, 'dicomweb')
    assert.equal((await ask(`/${OUS}/dicomweb/studies`, token)).status, 200)
    assert.equal((await ask(`/${OUS}/fhir/metadata`, token)).status, 401)
    assert.equal((await ask(`/${OUS}/dicomweb/studies`, await world.asGateway())).status, 401)
    assert.equal((await ask(`/${OUS}/dicomweb/studies`, await world.asGateway(AHUS, 'dicomweb'))).status, 401)
    assert.equal((await ask(`/${OUS}/dicomweb/studies`, await world.asAuthorizationServer())).status, 401)
    assert.equal((await ask(`/${OUS}/dicomweb/nothing`, token)).status, 404)
  })
})
