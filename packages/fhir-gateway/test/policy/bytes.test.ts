import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, startWorld, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const

describe('bytes, where policy decides', () => {
  let world: World
  const subject = { reference: 'Patient/pat-a' }
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    world.upstream.put(
      { resourceType: 'Binary', id: 'bytes', contentType: 'text/plain', securityContext: subject, data: 'eA==' },
      {
        resourceType: 'DocumentReference',
        id: 'dok-a',
        subject,
        content: [{ attachment: { url: 'Binary/bytes' } }],
      },
    )
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.policy.asked.length = 0
    world.upstream.requests.length = 0
  })

  const hide = (...ids: readonly string[]): void => {
    world.policy.says = ({ question }) =>
      'resource' in question && ids.includes(question.resource.id ?? '') ? BLOCKED : undefined
  }
  const send = async (
    method: string,
    path: string,
    body: object,
    headers: Record<string, string> = {},
    claims: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> =>
    world.fhir(path, await world.token({ scope: 'patient/*.cruds', ...claims }), {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/fhir+json', ...headers },
    })

  test('bytes are as open as the document that carries them, whatever scopes the app has for documents', async () => {
    const read = async () => world.fhir('Binary/bytes', await world.token({ scope: 'patient/Binary.r' }))
    assert.equal((await read()).status, 200)
    const about = world.policy.asked.flatMap(({ question, circumstance }) =>
      'resource' in question && question.resource.id === 'dok-a' ? [circumstance.grants.includes('*.r')] : [],
    )
    assert.deepEqual(about, [true])
    hide('dok-a')
    const hidden = await read()
    assert.deepEqual(
      [hidden.status, hidden.text],
      [404, (await world.fhir('Binary/nowhere', await world.token())).text],
    )
  })

  test('bytes are as open as what carries them, of whatever type it is, and nobody’s to read where nothing known does', async () => {
    const carriers = [
      { resourceType: 'Media', subject, content: { url: 'Binary/b1' } },
      { resourceType: 'Consent', patient: subject, sourceAttachment: { url: `${world.upstream.base}/Binary/b1` } },
      { resourceType: 'Communication', subject, payload: [{ contentAttachment: { url: 'Binary/b1' } }] },
      {
        resourceType: 'QuestionnaireResponse',
        subject,
        item: [{ answer: [{ valueAttachment: { url: 'Binary/b1' } }] }],
      },
      { resourceType: 'DiagnosticReport', subject, presentedForm: [{ url: 'Binary/b1' }] },
      { resourceType: 'RelatedPerson', patient: subject, photo: [{ url: 'Binary/b1/_history/1' }] },
      {
        resourceType: 'Task',
        for: subject,
        output: [{ valueString: 'x', extension: [{ url: 'urn:x', valueAttachment: { url: 'Binary/b1' } }] }],
        subject,
      },
    ]
    const binary = { resourceType: 'Binary', contentType: 'text/plain', securityContext: subject, data: 'eA==' }
    world.upstream.put({ ...binary, id: 'b1' }, { ...binary, id: 'b2' })
    const read = async (id: string) => {
      const { status, text } = await world.fhir(`Binary/${id}`, await world.token({ scope: 'patient/Binary.r' }))
      return { status, text }
    }
    const nothing = await read('nowhere')
    assert.equal(nothing.status, 404)
    for (const carrier of carriers) {
      assert.deepEqual(await read('b1'), nothing, `before ${carrier.resourceType}`)
      world.upstream.put({ ...carrier, id: 'carrier' })
      assert.equal((await read('b1')).status, 200, carrier.resourceType)
      hide('carrier')
      assert.deepEqual(await read('b1'), nothing, carrier.resourceType)
      world.policy.says = () => undefined
      world.upstream.remove(carrier.resourceType, 'carrier')
    }
    // Of the two that carry them, the one that is closed decides.
    world.upstream.put(
      { ...carriers[0], resourceType: 'Media', id: 'm1' },
      { ...carriers[1], resourceType: 'Consent', id: 'k1' },
    )
    hide('k1')
    assert.deepEqual(await read('b1'), nothing)
    // A server that keeps nothing of a type does not find it; one that fails otherwise is not believed to have nothing.
    world.policy.says = () => undefined
    const failing = (status: number) => {
      world.upstream.misbehave = ({ path }) => (path.endsWith('/Claim') ? { status, body: {} } : undefined)
    }
    failing(404)
    assert.equal((await read('b1')).status, 200)
    failing(500)
    assert.equal((await read('b1')).status, 502)
    world.upstream.misbehave = undefined
    assert.equal(world.records.findLast(({ policy }) => policy?.reasonCode === 'carrier-unknown')?.outcome, 'refused')
    world.upstream.remove('Media', 'm1')
    world.upstream.remove('Consent', 'k1')
  })

  test('bytes cost the look-up of what carries them once in a request, and anew in the next and after a change', async () => {
    const binary = { resourceType: 'Binary', contentType: 'text/plain', securityContext: subject, data: 'eA==' }
    const ids = Array.from({ length: 80 }, (_, index) => `many${index}`)
    world.upstream.put(...ids.map((id) => ({ ...binary, id })))
    const carrier = {
      resourceType: 'DocumentReference',
      id: 'of-many',
      status: 'current',
      subject,
      content: ids.map((id) => ({ attachment: { url: `Binary/${id}` } })),
    }
    world.upstream.put(carrier)
    const batch = async (entry: readonly object[]): Promise<readonly string[]> => {
      const answer = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })
      return answer.json.entry.map(({ response }: { response: { status: string } }) => response.status.slice(0, 3))
    }
    const reads = ids.map((id) => ({ request: { method: 'GET', url: `Binary/${id}` } }))
    const all = (status: string) => ids.map(() => status)
    const lookUps = () => world.upstream.requests.filter(({ path }) => path.endsWith('/QuestionnaireResponse')).length
    world.upstream.requests.length = 0
    assert.deepEqual(await batch(reads), all('200'))
    assert.equal(lookUps(), 1)
    hide('of-many')
    assert.deepEqual(await batch(reads), all('404'))
    world.policy.says = () => undefined
    world.upstream.remove('DocumentReference', 'of-many')
    assert.deepEqual(await batch(reads), all('404'))
    world.upstream.put(carrier)
    assert.deepEqual(await batch(reads), all('200'))
    assert.equal(lookUps(), 4)
    const [first] = reads
    const emptied = { ...carrier, content: [{ attachment: { url: 'Binary/many1' } }] }
    const change = { request: { method: 'PUT', url: 'DocumentReference/of-many' }, resource: emptied }
    assert.deepEqual(await batch([first ?? {}, change, first ?? {}]), ['200', '200', '404'])
  })

  test('bytes on their way into a document may be written and named in it before anybody reads them', async () => {
    const writer = { scope: 'patient/Binary.cr patient/DocumentReference.cr' }
    const bytes = { resourceType: 'Binary', contentType: 'text/plain', securityContext: subject, data: 'eA==' }
    const written = await send('POST', 'Binary', bytes, {}, writer)
    assert.deepEqual([written.status, written.text], [201, ''])
    const id = written.headers.get('location')?.split('/').at(-3) ?? ''
    const read = async () => (await world.fhir(`Binary/${id}`, await world.token(writer))).status
    assert.equal(await read(), 404)
    const document = {
      resourceType: 'DocumentReference',
      status: 'current',
      subject,
      content: [{ attachment: { url: `Binary/${id}` } }],
    }
    assert.equal((await send('POST', 'DocumentReference', document, {}, writer)).status, 201)
    assert.equal(await read(), 200)
  })
})
