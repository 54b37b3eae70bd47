import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, furnish, startWorld, type World } from './world.ts'

const ROBOT = { sub: 'robot', client_id: 'robot', grant_id: undefined, patient: undefined }

describe('a backend service', () => {
  let world: World
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
  })
  after(() => world.close())

  const token = (scope: string, more: object = {}) => world.token({ ...ROBOT, scope, ...more })
  const statusOf = async (path: string, holder: string) => (await world.fhir(path, holder)).status
  const send = (method: string, path: string, holder: string, body: object): Promise<Answer> =>
    world.fhir(path, holder, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/fhir+json' },
    })

  test('reads and searches what its system scopes cover, of every patient, and nothing else', async () => {
    const robot = await token('system/Observation.rs')
    for (const id of ['vital-a', 'vital-b']) assert.equal(await statusOf(`Observation/${id}`, robot), 200)
    assert.equal((await world.fhir('Observation?_total=accurate', robot)).json.total, 4)
    assert.equal((await world.fhir('Observation?patient=pat-b', robot)).json.entry.length, 2)
    assert.equal(await statusOf('Condition/con-a', robot), 403)
    assert.equal(await statusOf('Patient/pat-a', robot), 403)
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', robot)).status, 403)
    assert.equal(await statusOf('Observation/nowhere', robot), 404)
    assert.equal((await send('POST', 'Observation', robot, { resourceType: 'Observation' })).status, 403)
  })

  test('stays within the conditions of its scopes, resource by resource', async () => {
    const robot = await token('system/Observation.rs?category=laboratory')
    assert.equal(await statusOf('Observation/lab-b', robot), 200)
    assert.equal(await statusOf('Observation/vital-b', robot), 404)
    assert.equal((await world.fhir('Observation', robot)).json.entry.length, 2)
  })

  test('searches the directory and follows references, as far as it has scopes', async () => {
    const robot = await token('system/Practitioner.rs system/Encounter.rs')
    assert.equal((await world.fhir('Practitioner', robot)).json.entry.length, 2)
    assert.equal(await statusOf('Encounter?subject:Patient.name=x', robot), 403)
    assert.equal(await statusOf('Encounter?_revinclude=Observation:encounter', robot), 403)
  })

  test('writes with the letters it has', async () => {
    const robot = await token('system/Observation.cu')
    const body = { resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/pat-b' } }
    assert.equal((await send('POST', 'Observation', robot, body)).status, 201)
    assert.equal((await send('PUT', 'Observation/vital-b', robot, { ...body, id: 'vital-b' })).status, 200)
    assert.equal(await statusOf('Observation/vital-b', robot), 403)
  })

  test('has no user and no patient, and a user is no system', async () => {
    assert.equal(await statusOf('Observation/vital-a', await token('user/*.rs patient/*.rs')), 403)
    assert.equal(await statusOf('Practitioner/stf101', await token('openid fhirUser', { sub: 'stf101' })), 403)
    assert.equal(await statusOf('Observation/vital-a', await token('system/*.rs', { patient: 'pat-a' })), 401)
    assert.equal(await statusOf('Observation/vital-b', await world.token({ scope: 'system/*.rs' })), 403)
    const both = await world.token({ scope: 'system/*.rs patient/Observation.rs' })
    assert.equal(await statusOf('Observation/vital-b', both), 404)
    assert.equal(await statusOf('Observation/vital-a', await world.token({ scope: 'patient/*.rs', grant_id: 7 })), 401)
  })
})
