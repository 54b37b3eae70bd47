import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, BASE, furnish, startWorld, type World } from './world.ts'

const FHIR = 'application/fhir+json'
const ofPatient = (id: string) => ({ reference: `Patient/${id}` })
const observation = (patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: ofPatient(patient),
  ...more,
})

describe('what may be written', () => {
  let world: World
  let writer: string
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    writer = await world.token({ scope: 'patient/Observation.cruds patient/Patient.r' })
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
  })

  const send = (
    method: string,
    path: string,
    body: unknown,
    token = writer,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    world.fhir(path, token, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { 'content-type': FHIR, ...headers },
    })
  const writes = () => world.upstream.requests.filter(({ method }) => method !== 'GET')

  test('what leads to another chart is refused however it is spelled, as a reference or as an address', async () => {
    const { base } = world.upstream
    const there = (text: string): object[] => [
      { encounter: { reference: text } },
      { extension: [{ url: 'http://x.example/e', valueAttachment: { url: text } }] },
    ]
    for (const text of [
      'Encounter/enc-b',
      ' Encounter/enc-b',
      '/Encounter/enc-b',
      './Encounter/enc-b',
      'x/../Encounter/enc-b',
      'encounter/enc-b',
      'Encounter/enc%2Db',
      `${BASE}/Encounter/enc-b`,
      `${BASE.replace('https://gateway', 'HTTPS://GATEWAY')}/Encounter/enc-b`,
      `${BASE}//Encounter/enc-b`,
      `${base.replace('127.0.0.1', 'localhost')}/Encounter/enc-b`,
    ])
      for (const more of there(text))
        assert.equal((await send('POST', 'Observation', observation('pat-a', more))).status, 403, JSON.stringify(more))
    assert.deepEqual(writes(), [])
    for (const text of [
      'Encounter/enc-a',
      `${BASE}/Encounter/enc-a`,
      '#inside',
      'urn:uuid:1',
      'https://other.example/x',
    ])
      for (const more of there(text))
        assert.equal((await send('POST', 'Observation', observation('pat-a', more))).status, 201, JSON.stringify(more))
    const named = {
      extension: [{ url: 'http://x.example/e', extension: [{ url: 'Encounter/enc-b', valueCode: 'x' }] }],
    }
    assert.equal((await send('POST', 'Observation', observation('pat-a', named))).status, 201)
  })

  test('what is no text is refused at the door', async () => {
    for (const escape of [String.raw`\ud800`, String.raw`\udc00\ud83d`, String.raw`\u0000`]) {
      const body = JSON.stringify(observation('pat-a', { note: [{ text: 'HERE' }] }))
      assert.equal((await send('POST', 'Observation', body.replace('HERE', escape))).status, 400, escape)
      assert.equal((await send('POST', 'Observation', body.replace('"text"', `"${escape}"`))).status, 400, escape)
    }
    const smile = observation('pat-a', { note: [{ text: '\u{1F600} \\ud800' }] })
    assert.equal((await send('POST', 'Observation', smile)).status, 201)
  })
})
