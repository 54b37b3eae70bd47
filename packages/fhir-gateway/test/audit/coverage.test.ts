import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { ACTIVITIES } from '@uthopp/audit/activities'
import { openApi } from '#src/http/openapi.ts'
import { furnish, OUS, startWorld, type World } from '../world.ts'

/** Addresses that tell of no patient and ask for no token: nobody is written down for reading them. */
const OPEN = new Set([
  '/jwks.json',
  '/openapi.json',
  '/brands.json',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/{orgnr}/fhir/.well-known/smart-configuration',
])

const PARTS: Readonly<Record<string, string>> = {
  orgnr: OUS,
  study: '1.2.1',
  series: '5',
  instance: '6',
  frames: '1',
  id: 'some-state',
}

describe('the access log and the gateway', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.records.length = 0
  })

  const described = Object.entries((openApi('https://gateway.example') as { paths: Record<string, object> }).paths)
  const METHODS = ['get', 'post', 'put', 'delete']
  const token = () =>
    world.token({ scope: 'openid fhirUser patient/*.cruds user/Basic.cuds?code=https://app.example|x' })

  test('every address that is described asks for no token, or leaves a record of who asked', async () => {
    for (const [template, operations] of described) {
      const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => PARTS[name] ?? 'x')
      if (OPEN.has(template)) {
        assert.notEqual((await world.at(path)).status, 401, template)
        continue
      }
      for (const method of METHODS.filter((known) => known in operations)) {
        assert.equal((await world.at(path, { method: method.toUpperCase() })).status, 401, template)
        world.records.length = 0
        const query = template.endsWith('/Basic') ? '?code=https://app.example|x&subject:missing=true' : ''
        const answer = await world.at(`${path}${query}`, {
          method: method.toUpperCase(),
          headers: { authorization: `Bearer ${await token()}` },
        })
        const understood = ![400, 406, 413, 415, 422].includes(answer.status)
        assert.equal(world.records.length > 0, understood, `${method} ${template} ${answer.status}`)
        assert.ok(world.records.every(({ activity }) => ACTIVITIES.includes(activity)))
      }
    }
  })

  test('every FHIR interaction leaves a record, carried out or refused', async () => {
    const body = JSON.stringify({
      resourceType: 'Observation',
      id: 'lab-a',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
    })
    const bundle = JSON.stringify({
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Observation/lab-b' } }],
    })
    for (const [method, path, sent] of [
      ['GET', 'Observation/lab-a'],
      ['GET', 'Observation/lab-a/_history/1'],
      ['GET', 'Observation/lab-a/_history'],
      ['GET', 'Observation/_history'],
      ['GET', '_history'],
      ['GET', 'Observation'],
      ['GET', 'Patient/pat-a/Observation'],
      ['GET', 'Patient/pat-a/$everything'],
      ['GET', '$export'],
      ['GET', '?_uthopp-page=none'],
      ['POST', 'Observation', body],
      ['PUT', 'Observation/lab-a', body],
      ['PUT', 'Observation?_id=lab-a', body],
      ['DELETE', 'Observation/lab-a'],
      ['POST', '', bundle],
    ] as const) {
      world.records.length = 0
      const answer = await world.fhir(path, await token(), {
        method,
        ...(sent === undefined ? {} : { body: sent }),
        headers: { 'content-type': 'application/fhir+json' },
      })
      assert.ok(world.records.length > 0, `${method} ${path} ${answer.status}`)
      assert.ok(world.records.every(({ correlationId }) => correlationId === answer.headers.get('x-correlation-id')))
    }
  })
})
