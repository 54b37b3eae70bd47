import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AHUS, BASE, OUTSIDE, startWorld, type World } from '#test/world.ts'
import { basic, found, ME, PATIENT, PREFS, SYSTEM, USER, stateAsker } from './state-world.ts'

describe('app state', () => {
  let world: World
  let state: ReturnType<typeof stateAsker>
  before(async () => {
    world = await startWorld()
    state = stateAsker(world)
  })
  after(() => world.close())

  test('that is not what SMART describes is refused, not trimmed (SAL-214, SAL-216)', async () => {
    const token = await state.tokenOf(`${USER} ${PATIENT}`)
    const coding = { system: SYSTEM, code: 'prefs' }
    for (const [body, status] of [
      [basic(ME, { id: 'mine' }), 400],
      [basic(ME, { meta: { versionId: '7' } }), 400],
      [basic(ME, { resourceType: 'Observation' }), 400],
      ['[]', 400],
      ['null', 400],
      ['{', 400],
      [basic(ME, { meta: { tag: [] } }), 422],
      [basic(ME, { text: { status: 'empty' } }), 422],
      [basic(ME, { created: '2030-01-01' }), 422],
      [basic(ME, { contained: [] }), 422],
      [basic(ME, { code: undefined }), 422],
      [basic(ME, { code: { coding: [] } }), 422],
      [basic(ME, { code: { coding: [coding, coding] } }), 422],
      [basic(ME, { code: { coding: [coding], text: 'x' } }), 422],
      [basic(ME, { code: { coding: [{ code: 'prefs' }] } }), 422],
      [basic(ME, { code: { coding: [{ ...coding, display: 7 }] } }), 422],
      [basic(ME, { code: { coding: [{ ...coding, extension: [] }] } }), 422],
      [basic(ME, { extension: [] }), 422],
      [basic(ME, { extension: [{ url: 'x', valueInteger: 1 }] }), 422],
      [basic(ME, { extension: [{ url: 'x', valueString: '' }] }), 422],
      [basic(ME, { extension: [{ url: 'x', valueString: 'y', extension: [] }] }), 422],
      [basic(ME, { extension: [{ url: 'x', extension: [{ url: 'y', valueString: 'z' }] }] }), 422],
      [basic(ME, { extension: [{ url: 'x', valueString: 'y' }, null] }), 422],
      [basic(ME, { subject: { reference: ME, display: 'x' } }), 422],
      [basic(ME, { subject: [{ reference: ME }] }), 422],
      [basic(ME, { subject: {} }), 422],
      [basic(ME, { subject: null }), 422],
      [basic('Practitioner/stf101'), 422],
      [basic(`${ME}/_history/1`), 422],
      [basic(`${BASE}/Group/g1`), 422],
      [basic(`${BASE}//Patient/pat-a`), 422],
      [basic('https://elsewhere.example/fhir/Patient/pat-a'), 422],
      [basic(`${OUTSIDE}/${AHUS}/fhir/Practitioner/stf101`), 422],
      [basic(ME, { code: { coding: [{ system: 'https://other.example', code: 'prefs' }] } }), 403],
      [basic(`${BASE}/Practitioner/stf102`), 403],
      [basic(`${BASE}/Patient/pat-b`), 403],
    ] as const) {
      const answer = await state.post(token, body)
      assert.equal(answer.status, status, JSON.stringify(body))
      assert.equal(answer.json.resourceType, 'OperationOutcome')
    }
    assert.equal((await state.ask(token, 'POST', 'Basic', basic(ME), { 'content-type': 'text/plain' })).status, 415)
    assert.deepEqual(await found(state.find(token, ME)), [])
  })

  test('is taken up to 256 kB and refused beyond', async () => {
    const token = await state.tokenOf(USER)
    const sized = (length: number): string => {
      const empty = JSON.stringify(basic(ME, { extension: [{ url: 'x', valueString: '' }] }))
      return JSON.stringify(basic(ME, { extension: [{ url: 'x', valueString: 'y'.repeat(length - empty.length) }] }))
    }
    assert.equal((await state.post(token, sized(256 * 1024 + 1))).status, 413)
    const { status, json } = await state.post(token, sized(256 * 1024))
    assert.equal(status, 201)
    assert.equal((await state.put(token, json.id, sized(256 * 1024 + 1), 'W/"1"')).status, 413)
  })

  test('answers two exact questions and no others', async () => {
    const token = await state.tokenOf(USER)
    for (const [query, status] of [
      [PREFS, 400],
      [`subject=${ME}`, 400],
      [`${PREFS}&subject:missing=false`, 400],
      [`${PREFS}&subject=${ME}&subject:missing=true`, 400],
      [`${PREFS}&${PREFS}&subject=${ME}`, 400],
      [`${PREFS},${SYSTEM}|tabs&subject=${ME}`, 400],
      [`code=prefs&subject=${ME}`, 400],
      [`${PREFS}&subject=Practitioner/stf101`, 403],
      [`${PREFS}&patient=pat-a`, 403],
      [`${PREFS}&subject=${ME}&_include=*`, 403],
      [`${PREFS}&subject=${ME}&_format=json`, 200],
    ] as const)
      assert.equal((await state.ask(token, 'GET', `Basic?${query.replaceAll('|', '%7C')}`)).status, status, query)
    for (const [method, path] of [
      ['GET', 'Basic/x'],
      ['PATCH', 'Basic/x'],
      ['PUT', 'Basic'],
      ['DELETE', 'Basic'],
      ['POST', 'Basic/_search'],
      ['POST', 'Observation'],
      ['GET', 'metadata'],
      ['GET', ''],
    ] as const)
      assert.equal((await state.ask(token, method, path)).status, 403, `${method} ${path}`)
  })
})
