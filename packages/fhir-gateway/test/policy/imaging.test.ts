import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { furnish, type Loose, startWorld, type World } from '../world.ts'

const UID = '0020000D'

describe('images, where policy decides', () => {
  let world: World
  const studies = ['1.2.1', '1.2.11', '1.2.12', '1.2.13']
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    for (const uid of studies.slice(1))
      world.upstream.put({
        resourceType: 'ImagingStudy',
        id: `img-${uid}`,
        status: 'available',
        identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${uid}` }],
        subject: { reference: 'Patient/pat-a' },
      })
    world.upstream.pixels.set('studies', { body: studies.map((uid) => ({ [UID]: { vr: 'UI', Value: [uid] } })) })
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.policy.batches.length = 0
  })

  const uidsOf = async (path: string, claims: Readonly<Record<string, unknown>> = {}): Promise<string[]> => {
    const answer = await world.door(path, await world.token(claims))
    assert.equal(answer.status, 200, answer.text)
    return answer.json.map((dataset: Loose) => dataset[UID].Value[0])
  }
  const hide = (...ids: readonly string[]): void => {
    world.policy.says = ({ question }) =>
      'resource' in question && ids.includes(question.resource.id ?? '')
        ? { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] }
        : undefined
  }

  test('a list of studies holds what the person may see, cut into pages after that', async () => {
    assert.deepEqual(await uidsOf('studies'), studies)
    hide('img-1.2.11')
    assert.deepEqual(await uidsOf('studies'), ['1.2.1', '1.2.12', '1.2.13'])
    const open = { scope: 'user/ImagingStudy.rs', patient: undefined }
    assert.deepEqual(await uidsOf('studies?limit=2', open), ['1.2.1', '1.2.12'])
    assert.deepEqual(await uidsOf('studies?limit=2&offset=2', open), ['1.2.13'])
    assert.equal((await world.door('studies?limit=all', await world.token(open))).status, 400)
  })

  test('a blocked study is not there at any of its addresses', async () => {
    hide('img-1.2.12')
    const token = await world.token()
    for (const below of ['series', 'metadata', 'series/5/instances/6/frames/1', 'series/5/rendered'])
      for (const uid of ['1.2.12', '9.9.9'])
        assert.equal((await world.door(`studies/${uid}/${below}`, token)).status, 404, `${uid} ${below}`)
  })

  test('whoever policy may keep a study from says of no study which images it means, so that no answer tells a hidden one', async () => {
    const token = await world.token({ scope: 'patient/ImagingStudy.crus user/ImagingStudy.rs' })
    hide('img-1.2.12')
    const claim = (uid: string) =>
      world.fhir('ImagingStudy', token, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify({
          resourceType: 'ImagingStudy',
          status: 'available',
          identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${uid}` }],
          subject: { reference: 'Patient/pat-a' },
        }),
      })
    const [hidden, unknown] = [await claim('1.2.12'), await claim('9.9.9')]
    assert.deepEqual([hidden.status, hidden.text], [unknown.status, unknown.text])
    assert.equal(hidden.status, 403)
  })

  test('two ImagingStudies that claim one study open it to nobody for whom one of them is blocked', async () => {
    world.upstream.put({
      resourceType: 'ImagingStudy',
      id: 'img-again',
      status: 'available',
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.13' }],
      subject: { reference: 'Patient/pat-a' },
    })
    world.clock.ahead = 10 // what was known of the study is too old by now
    hide('img-again')
    assert.ok(!(await uidsOf('studies')).includes('1.2.13'))
    world.clock.ahead = 0
  })
})
