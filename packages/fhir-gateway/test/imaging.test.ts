import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { furnish, OUS, OUTSIDE, startWorld, type World } from './world.ts'

const DOOR = `${OUTSIDE}/${OUS}/dicomweb`
const dataset = (uid: string, base: string) => ({
  '0020000D': { vr: 'UI', Value: [uid] },
  '00081190': { vr: 'UR', Value: [`${base}/studies/${uid}`] },
  '7FE00010': { vr: 'OW', BulkDataURI: `${base}/studies/${uid}/bulkdata/1` },
  '00091001': { vr: 'OB', BulkDataURI: 'http://inner.example/secret' },
})

describe('the imaging door', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    token = await world.token({ scope: 'patient/ImagingStudy.rs' })
    const { pixels, dicomweb } = world.upstream
    pixels.set('studies', {
      body: [dataset('1.2.1', dicomweb), dataset('1.2.2', dicomweb), dataset('9.9', dicomweb), {}],
    })
    for (const uid of ['1.2.1', '1.2.2']) {
      pixels.set(`studies/${uid}/series/5/metadata`, { body: [dataset(uid, dicomweb), dataset('1.2.2', dicomweb)] })
      pixels.set(`studies/${uid}/series/5/instances/6/frames/1`, {
        headers: { 'content-type': 'multipart/related; type="application/octet-stream"; boundary=b', server: 'secret' },
        bytes: Buffer.from(`--b\r\n\r\npixels of ${uid}\r\n--b--`),
      })
    }
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
    world.clock.ahead += 5
  })

  test('finding studies finds those of the patient only', async () => {
    const answer = await world.door('studies?includefield=all', token)
    assert.equal(answer.status, 200)
    assert.deepEqual(
      answer.json.map((one: Record<string, { Value: string[] }>) => one['0020000D']?.Value[0]),
      ['1.2.1'],
    )
    assert.equal(answer.json[0]['00081190'].Value[0], `${DOOR}/studies/1.2.1`)
    assert.equal(answer.json[0]['7FE00010'].BulkDataURI, `${DOOR}/studies/1.2.1/bulkdata/1`)
    assert.equal(answer.json[0]['00091001'].BulkDataURI, undefined)
    const asked = world.upstream.requests.find(({ path }) => path === '/dicomweb/studies')
    assert.equal(asked?.query.get('StudyInstanceUID'), '1.2.1')
    assert.equal(asked?.query.get('includefield'), 'all')
  })

  test('naming another study while searching finds nothing', async () => {
    const answer = await world.door('studies?StudyInstanceUID=1.2.2', token)
    assert.deepEqual(
      answer.json,
      answer.json.filter((one: Record<string, { Value: string[] }>) => one['0020000D']?.Value[0] === '1.2.1'),
    )
    assert.doesNotMatch(answer.text, /1\.2\.2/)
  })

  test('pixels of the patient stream through', async () => {
    const answer = await world.door('studies/1.2.1/series/5/instances/6/frames/1', token)
    assert.equal(answer.status, 200)
    assert.match(answer.text, /pixels of 1\.2\.1/)
    assert.match(answer.headers.get('content-type') ?? '', /^multipart\/related/)
    assert.equal(answer.headers.get('server'), null)
    const upstream = world.upstream.requests.at(-1)
    const service = String(upstream?.headers.authorization).replace('Bearer ', '')
    assert.notEqual(service, token)
    assert.equal(decodeJwt(service).aud, world.upstream.dicomweb, 'of no use at the FHIR server')
  })

  test('the parts of an answer name our addresses and no others, and their bytes stay as they are', async () => {
    const { pixels, dicomweb } = world.upstream
    const address = `${dicomweb}/studies/1.2.1/series/5/instances/7/frames/1`
    const part = (headers: string, bytes: string) => `\r\n--b\r\n${headers}\r\n\r\n${bytes}`
    pixels.set('studies/1.2.1/series/5/instances/7/frames/1', {
      headers: { 'content-type': 'multipart/related; type="application/octet-stream"; boundary="b"' },
      bytes: Buffer.from(
        [
          part(
            `Content-Type: application/octet-stream\r\nContent-Location: ${address}`,
            `Content-Location: ${address}`,
          ),
          part('content-location: http://inner.example/secret\r\nX-Inner: secret', 'second'),
          '\r\n--b--',
        ].join(''),
        'latin1',
      ),
    })
    const answer = await world.door('studies/1.2.1/series/5/instances/7/frames/1', token)
    assert.equal(
      answer.text,
      [
        part(
          `Content-Type: application/octet-stream\r\nContent-Location: ${DOOR}/studies/1.2.1/series/5/instances/7/frames/1`,
          `Content-Location: ${address}`,
        ),
        '\r\n--b\r\n\r\nsecond',
        '\r\n--b--',
      ].join(''),
    )
  })

  test('an answer in parts that cannot be told apart does not come through', async () => {
    world.upstream.pixels.set('studies/1.2.1/series/5/instances/8/frames/1', {
      headers: { 'content-type': 'multipart/related; type="application/octet-stream"' },
      bytes: Buffer.from(`--b\r\nContent-Location: ${world.upstream.dicomweb}/x\r\n\r\nx\r\n--b--`),
    })
    const answer = await world.door('studies/1.2.1/series/5/instances/8/frames/1', token)
    assert.equal(answer.status, 502)
    assert.doesNotMatch(answer.text, /127\.0\.0\.1/)
  })

  test('metadata of another study does not slip in', async () => {
    const answer = await world.door('studies/1.2.1/series/5/metadata', token)
    assert.equal(answer.json.length, 1)
    assert.doesNotMatch(answer.text, /1\.2\.2|127\.0\.0\.1/)
  })

  test('a study of another patient answers byte for byte like an unknown one', async () => {
    for (const tail of ['series/5/instances/6/frames/1', 'series/5/metadata', 'series', '']) {
      const foreign = await world.door(`studies/1.2.2/${tail}`.replace(/\/$/, ''), token)
      const unknown = await world.door(`studies/7.7.7/${tail}`.replace(/\/$/, ''), token)
      assert.equal(foreign.status, 404, tail)
      assert.equal(foreign.text, unknown.text)
    }
    assert.ok(world.upstream.requests.every(({ path }) => !path.startsWith('/dicomweb')))
  })

  test('a study two patients claim is open to neither', async () => {
    world.upstream.put({
      resourceType: 'ImagingStudy',
      id: 'img-claim',
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.2' }],
      subject: { reference: 'Patient/pat-a' },
    })
    assert.equal((await world.door('studies/1.2.2/series/5/metadata', token)).status, 404)
    world.upstream.remove('ImagingStudy', 'img-claim')
  })

  test('the decision is remembered for four seconds, not longer', async () => {
    world.upstream.put({
      resourceType: 'ImagingStudy',
      id: 'img-moving',
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.1' }],
      subject: { reference: 'Patient/pat-a' },
    })
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', token)).status, 200)
    world.upstream.put({
      resourceType: 'ImagingStudy',
      id: 'img-moving',
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.1' }],
      subject: { reference: 'Patient/pat-b' },
    })
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', token)).status, 200)
    world.clock.ahead += 4.1
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', token)).status, 404)
    world.upstream.remove('ImagingStudy', 'img-moving')
  })

  test('without the scope, without a token and for anything but reading the door stays shut', async () => {
    const lesser = await world.token({ scope: 'patient/Observation.rs' })
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', lesser)).status, 403)
    assert.equal((await world.door('studies', lesser)).status, 403)
    assert.equal((await world.door('studies/1.2.1/series/5/metadata')).status, 401)
    assert.equal((await world.door('studies', token, { method: 'POST', body: 'x' })).status, 403)
    for (const path of [
      'series',
      'instances',
      'studies/1.2.1/../1.2.2',
      'studies/1.2.1/%2e%2e/x',
      'studies/1.2.1/series/5/instances/6/frames/1/x',
      'workitems',
    ]) {
      assert.ok([403, 404].includes((await world.door(path, token)).status), path)
    }
    assert.ok(world.upstream.requests.every(({ path }) => !path.startsWith('/dicomweb')))
  })

  test('failures of the imaging server are told without its words', async () => {
    world.upstream.misbehave = ({ path }) =>
      path.startsWith('/dicomweb') ? { status: 500, body: 'stack trace of pat-b' } : undefined
    for (const path of ['studies/1.2.1/series/5/metadata', 'studies/1.2.1/series/5/instances/6/frames/1']) {
      const answer = await world.door(path, token)
      assert.equal(answer.status, 502)
      assert.doesNotMatch(answer.text, /stack|pat-b/)
    }
  })

  describe('writing ImagingStudy resources', () => {
    const study = (patient: string, uid: string, more: object = {}) => ({
      resourceType: 'ImagingStudy',
      status: 'available',
      identifier: [{ system: 'urn:dicom:uid', value: uid }],
      subject: { reference: `Patient/${patient}` },
      ...more,
    })
    const send = (method: string, path: string, body: object, holder: string) =>
      world.fhir(path, holder, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/fhir+json' },
      })
    const opens = async (uid: string, holder: string) =>
      (await world.door(`studies/${uid}/series/5/metadata`, holder)).status

    test('neither opens nor closes the images of another patient, nor tells whether they exist', async () => {
      const attacker = await world.token({ scope: 'patient/ImagingStudy.cruds' })
      const owner = await world.token({ patient: 'pat-b' })
      assert.equal(await opens('1.2.2', owner), 200)
      const texts = new Set<string>()
      for (const uid of ['urn:oid:1.2.2', '1.2.2', 'urn:oid:1.2.404']) {
        for (const [method, path, more] of [
          ['POST', 'ImagingStudy', {}],
          ['PUT', 'ImagingStudy/img-a', { id: 'img-a' }],
        ] as const) {
          const answer = await send(method, path, study('pat-a', uid, more), attacker)
          assert.equal(answer.status, 403, `${method} ${uid}`)
          texts.add(answer.text)
        }
      }
      assert.equal(texts.size, 1)
      assert.equal(await opens('1.2.2', owner), 200)
      assert.equal(await opens('1.2.2', attacker), 404)
      const kept = study('pat-a', 'urn:oid:1.2.1', { id: 'img-a', description: 'changed' })
      assert.equal((await send('PUT', 'ImagingStudy/img-a', kept, attacker)).status, 200)
      assert.equal(await opens('1.2.1', attacker), 200)
    })

    test('claims a study that nobody claims yet, for a writer from whom none is hidden', async () => {
      const archive = await world.token({ scope: 'user/ImagingStudy.cruds', patient: undefined })
      assert.equal((await send('POST', 'ImagingStudy', study('pat-b', 'urn:oid:1.2.1'), archive)).status, 403)
      const two = { identifier: ['1.2.8', '1.2.9'].map((value) => ({ system: 'urn:dicom:uid', value })) }
      assert.equal((await send('POST', 'ImagingStudy', study('pat-b', '', two), archive)).status, 422)
      assert.equal((await send('POST', 'ImagingStudy', study('pat-b', 'urn:oid:1.2.77'), archive)).status, 201)
    })
  })
})
