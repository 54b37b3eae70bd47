import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createHostClient } from '#src/api/client.ts'
import { parseTrustPath } from '#src/api/trust-path.ts'
import { formatRefusal } from '#src/format/refusals.ts'

type Seen = { url: string; init: RequestInit | undefined }

function clientAnswering(
  status: number,
  body: string,
): { readonly client: ReturnType<typeof createHostClient>; readonly seen: Seen[] } {
  const seen: Seen[] = []
  const fetcher: typeof fetch = async (input, init) => {
    seen.push({ url: input instanceof Request ? input.url : String(input), init })
    return new Response(status === 204 ? null : body, { status })
  }
  return { client: createHostClient(fetcher, '/993467049/api/'), seen }
}

describe('the client of the host', () => {
  test('parses what it receives and refuses what it does not know', async () => {
    const { client } = clientAnswering(
      200,
      '{"orgnr":"993467049","name":"OUS","shortName":"OUS","world":"demo","signedIn":false}',
    )
    assert.deepEqual(await client.door(), {
      kind: 'answered',
      value: { orgnr: '993467049', name: 'OUS', shortName: 'OUS', world: 'demo', signedIn: false },
    })
    for (const wrong of [
      '{"orgnr":1}',
      '[]',
      'not json',
      '{"orgnr":"1","name":"x","shortName":"x","world":"test","signedIn":true}',
    ]) {
      const answer = await clientAnswering(200, wrong).client.door()
      assert.equal(answer.kind === 'refused' && answer.code, 'unexpected_answer')
    }
  })

  test('hands on the code and the correlation id of a refusal', async () => {
    const { client } = clientAnswering(
      403,
      '{"error":"patient_not_available","error_description":"…","correlation_id":"abc"}',
    )
    assert.deepEqual(await client.chart('cdp1'), {
      kind: 'refused',
      code: 'patient_not_available',
      status: 403,
      correlation: 'abc',
    })
  })

  test('a server that is away is a refusal, not an exception', async () => {
    const client = createHostClient(() => Promise.reject(new TypeError('failed to fetch')), '/x/')
    const answer = await client.unit()
    assert.equal(answer.kind === 'refused' && answer.code, 'unreachable')
  })

  test('what is searched for never stands in an address', async () => {
    const { client, seen } = clientAnswering(200, '{}')
    await client.searchPatients('Berg')
    assert.equal(seen[0]?.url, '/993467049/api/patients/search')
    assert.equal(seen[0]?.init?.method, 'POST')
  })

  test('an offer names only what was asked for', async () => {
    const { client, seen } = clientAnswering(201, '{"launch":"l","start_url":"http://x/s","expires_at":"…"}')
    const answer = await client.offerLaunch({
      app: 'pacs-viewer',
      workspace: 'w',
      patient: null,
      about: null,
      ownWindow: true,
    })
    const body = seen[0]?.init?.body
    assert.deepEqual(JSON.parse(typeof body === 'string' ? body : ''), {
      app: 'pacs-viewer',
      workspace: 'w',
      own_window: true,
    })
    assert.deepEqual(answer, { kind: 'answered', value: { launch: 'l', startUrl: 'http://x/s' } })
  })

  test('the trust is the first segment of the path and nothing else', () => {
    assert.equal(parseTrustPath('/993467049/'), '993467049')
    assert.equal(parseTrustPath('/993467049'), '993467049')
    for (const path of ['/', '/99346704/', '/9934670490/', '/x/993467049'])
      assert.equal(parseTrustPath(path), undefined)
  })

  test('an unknown code is told in words, never by its spelling', () => {
    assert.equal(formatRefusal({ code: 'weird_thing' }).includes('weird_thing'), false)
  })
})
