import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BASE } from './world.ts'
import { observation, writingWorld } from './writing-world.ts'

describe('what may be written', () => {
  const { world: here, send, writes } = writingWorld()

  test('what leads to another chart is refused however it is spelled, as a reference or as an address', async () => {
    const { base } = here().upstream
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
