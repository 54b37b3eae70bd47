import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AHUS, BASE, startWorld, type World } from '#test/world.ts'
import { basic, BERG, found, freshApp, ME, PATIENT, PREFS, SYSTEM, USER, stateAsker } from './state-world.ts'

describe('app state', () => {
  let world: World
  let state: ReturnType<typeof stateAsker>
  before(async () => {
    world = await startWorld()
    state = stateAsker(world)
  })
  after(() => world.close())

  test('of another app, another user, another patient or another trust is neither found nor touched (SAL-221)', async () => {
    const [one, two] = [freshApp(), freshApp()]
    const both = `${USER} ${PATIENT}`
    const mine = await world.token({ client_id: one, scope: both })
    const aboutMe = (await state.post(mine, basic(ME))).json.id
    const aboutBerg = (await state.post(mine, basic(BERG))).json.id
    const otherApp = await world.token({ client_id: two, scope: both })
    const otherUser = await world.token({ client_id: one, scope: both, sub: 'stf102' })
    const otherPatient = await world.token({ client_id: one, scope: both, patient: 'pat-b' })
    assert.deepEqual(await found(state.find(otherApp, ME)), [])
    assert.deepEqual(await found(state.find(otherApp, BERG)), [])
    assert.equal((await state.find(otherUser, ME)).status, 403)
    assert.deepEqual(await found(state.find(otherUser, BERG)), [aboutBerg])
    assert.equal((await state.find(otherPatient, BERG)).status, 403)
    assert.deepEqual(await found(state.find(otherPatient, ME)), [aboutMe])
    for (const [token, id, subject] of [
      [otherApp, aboutMe, ME],
      [otherApp, aboutBerg, BERG],
      [otherUser, aboutMe, ME],
      [otherPatient, aboutBerg, BERG],
    ] as const) {
      assert.equal((await state.put(token, id, basic(subject, { id }), 'W/"1"')).status, 412)
      assert.equal((await state.remove(token, id, 'W/"1"')).status, 412)
    }
    assert.equal((await state.post(otherUser, basic(ME))).status, 403)
    assert.equal((await state.post(otherPatient, basic(BERG))).status, 403)
    const there = await world.token({ client_id: one, scope: both }, { orgnr: AHUS })
    const foreign = await world.at(`/${AHUS}/app-state/Basic?${PREFS}&subject=${ME}`, {
      headers: { authorization: `Bearer ${there}` },
    })
    assert.equal(foreign.status, 403)
    assert.equal((await state.find(there, ME)).status, 401)
    assert.deepEqual(await found(state.find(mine, ME)), [aboutMe])
  })

  test('about a role, a relative or a Person is taken, and kept for the user who wrote it (SAL-215)', async () => {
    const one = freshApp()
    const mine = await world.token({ client_id: one, scope: USER })
    const theirs = await world.token({ client_id: one, scope: USER, sub: 'stf102' })
    for (const subject of ['PractitionerRole/agb1', 'RelatedPerson/r1', 'Person/p1'].map((name) => `${BASE}/${name}`)) {
      const { id } = (await state.post(mine, basic(subject))).json
      assert.deepEqual(await found(state.find(mine, subject)), [id])
      assert.deepEqual(await found(state.find(theirs, subject)), [])
      assert.equal((await state.remove(theirs, id, 'W/"1"')).status, 412)
      assert.equal((await state.post(theirs, basic(subject))).status, 201)
    }
  })

  test('about nobody is read by every user of the app and written only with the scope the trust gives for it (SAL-221)', async () => {
    const one = freshApp()
    const admin = await world.token({ client_id: one, scope: `${USER} __app_state.global` })
    const anybody = await world.token({ client_id: one, scope: USER, sub: 'stf102' })
    const patientOnly = await world.token({ client_id: one, scope: `${PATIENT} __app_state.global` })
    for (const token of [anybody, patientOnly]) assert.equal((await state.post(token, basic(undefined))).status, 403)
    const { id } = (await state.post(admin, basic(undefined))).json
    for (const token of [admin, anybody, patientOnly]) assert.deepEqual(await found(state.find(token, undefined)), [id])
    for (const token of [anybody, patientOnly]) {
      assert.equal((await state.put(token, id, basic(undefined, { id }), 'W/"1"')).status, 412)
      assert.equal((await state.remove(token, id, 'W/"1"')).status, 412)
    }
    assert.equal((await state.put(admin, id, basic(undefined, { id }), 'W/"1"')).status, 200)
    assert.equal((await state.remove(admin, id, 'W/"2"')).status, 204)
  })

  test('is opened by the letters of a scope that names the code, and by no other scope (SAL-222)', async () => {
    for (const scope of [
      'user/*.cruds patient/*.cruds',
      'user/Basic.cruds patient/Basic.cruds',
      `user/Basic.cruds?code=prefs`,
      `user/Basic.cruds?code=|prefs`,
      'user/Basic.cruds?code=https://other.example|',
      `user/Basic.cruds?code=${SYSTEM}|tabs`,
      `user/*.cruds?${PREFS}`,
      `system/Basic.cruds?${PREFS}`,
      `user/Observation.cruds?${PREFS}`,
      'openid fhirUser launch __app_state.global',
    ]) {
      const token = await state.tokenOf(scope)
      assert.equal((await state.post(token, basic(ME))).status, 403, scope)
      assert.equal((await state.find(token, ME)).status, 403, scope)
      assert.notEqual((await state.put(token, 'x', basic(ME, { id: 'x' }), 'W/"1"')).status, 200, scope)
    }
    const reader = await state.tokenOf(`user/Basic.s?${PREFS}`)
    assert.deepEqual(await found(state.find(reader, ME)), [])
    const refused = await state.post(reader, basic(ME))
    assert.match(refused.headers.get('www-authenticate') ?? '', /insufficient_scope/)
    assert.equal((await state.put(reader, 'x', basic(ME, { id: 'x' }), 'W/"1"')).status, 403)
    assert.equal((await state.remove(reader, 'x', 'W/"1"')).status, 403)
    const writer = await state.tokenOf(`user/Basic.cu?${PREFS}`)
    assert.equal((await state.find(writer, ME)).status, 403)
    assert.equal((await state.remove(writer, 'x', 'W/"1"')).status, 403)
    const whole = await state.tokenOf(`user/Basic.cuds?code=${SYSTEM}|`)
    const { id } = (await state.post(whole, basic(ME))).json
    assert.deepEqual(await found(state.find(whole, ME)), [id])
    assert.equal((await state.remove(whole, id, 'W/"1"')).status, 204)
    const noPatient = await state.tokenOf(PATIENT, { patient: undefined })
    assert.equal((await state.post(noPatient, basic(BERG))).status, 403)
  })
})
