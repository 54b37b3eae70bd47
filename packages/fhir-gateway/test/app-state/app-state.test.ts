import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BASE, OUS, startWorld, until, type World } from '#test/world.ts'
import { basic, BERG, DOOR, found, ME, PATIENT, SYSTEM, USER, stateAsker } from './state-world.ts'

describe('app state', () => {
  let world: World
  let state: ReturnType<typeof stateAsker>
  before(async () => {
    world = await startWorld()
    state = stateAsker(world)
  })
  after(() => world.close())

  test('is created with an id and a version of the server, and comes back as it was written (SAL-213, SAL-216, SAL-219)', async () => {
    const token = await state.tokenOf(USER)
    const made = await state.post(token, basic(ME))
    assert.equal(made.status, 201)
    assert.equal(made.headers.get('etag'), 'W/"1"')
    assert.equal(made.headers.get('location'), `${DOOR}/Basic/${made.json.id}`)
    const { id, meta, ...rest } = made.json
    assert.deepEqual(rest, basic(ME))
    assert.equal(meta.versionId, '1')
    const answer = await state.find(token, ME)
    assert.deepEqual(answer.json.entry[0].resource, made.json)
    assert.equal(answer.json.entry[0].fullUrl, `${DOOR}/Basic/${id}`)
    assert.deepEqual(await found(state.find(token, undefined)), [])
  })

  test('is replaced and deleted by version; a stale one, none, `*` and a deleted id are 412 (SAL-217, SAL-218)', async () => {
    const token = await state.tokenOf(USER)
    const { id } = (await state.post(token, basic(ME))).json
    const next = basic(ME, { id, meta: { versionId: '1' }, extension: [{ url: `${SYSTEM}/x`, valueString: 'b' }] })
    for (const ifMatch of [undefined, '*', 'W/"2"', 'W/"0"', '1', 'W/"1", W/"2"', '"1e0"']) {
      assert.equal((await state.put(token, id, next, ifMatch)).status, 412, ifMatch)
      assert.equal((await state.remove(token, id, ifMatch)).status, 412, ifMatch)
    }
    const replaced = await state.put(token, id, next, 'W/"1"')
    assert.deepEqual([replaced.status, replaced.headers.get('etag'), replaced.json.meta.versionId], [200, 'W/"2"', '2'])
    assert.deepEqual(replaced.json.extension, next['extension'])
    const stale = await state.put(token, id, next, 'W/"1"')
    assert.equal(stale.status, 412)
    assert.equal((await state.remove(token, id, 'W/"2"')).status, 204)
    const gone = await state.put(token, id, next, 'W/"2"')
    assert.deepEqual([gone.status, gone.text], [412, stale.text])
    assert.equal((await state.remove(token, id, 'W/"2"')).status, 412)
    assert.equal((await state.put(token, 'never', basic(ME, { id: 'never' }), 'W/"1"')).text, stale.text)
    assert.deepEqual(await found(state.find(token, ME)), [])
  })

  test('keeps its code, its subject and its id (SAL-217)', async () => {
    const token = await state.tokenOf(`${USER} user/Basic.cuds?code=${SYSTEM}|tabs`)
    const { id } = (await state.post(token, basic(ME))).json
    const coded = { coding: [{ system: SYSTEM, code: 'tabs' }] }
    for (const changed of [
      basic(ME, { id, code: coded }),
      basic(BERG, { id }),
      basic(`${BASE}/Patient/pat-b`, { id }),
      basic(undefined, { id }),
      basic(ME, { id, code: { coding: [{ system: 'https://other.example', code: 'prefs' }] } }),
    ])
      assert.equal((await state.put(token, id, changed, 'W/"1"')).status, 412)
    assert.equal((await state.put(token, id, basic(ME, { id: 'another' }), 'W/"1"')).status, 400)
    assert.equal((await state.put(token, id, basic(ME), 'W/"1"')).status, 400)
    assert.equal((await state.find(token, ME)).json.entry[0].resource.meta.versionId, '1')
  })

  test('is kept once for a code and subject, and for each code and each subject (SAL-220)', async () => {
    const token = await state.tokenOf(`${USER} ${USER.replace('prefs', 'tabs')} ${PATIENT}`)
    assert.equal((await state.post(token, basic(ME))).status, 201)
    assert.equal((await state.post(token, basic(ME))).status, 409)
    assert.equal((await state.post(token, basic(BERG))).status, 201)
    assert.equal(
      (await state.post(token, basic(ME, { code: { coding: [{ system: SYSTEM, code: 'tabs' }] } }))).status,
      201,
    )
  })

  test('needs a token that is good at the FHIR base, and lives no longer than it (SAL-221)', async () => {
    assert.equal((await state.ask(undefined, 'POST', 'Basic', basic(ME))).status, 401)
    assert.equal((await state.find(await state.tokenOf(USER, { aud: DOOR }), ME)).status, 401)
    const token = await state.tokenOf(USER, { grant_id: 'grant-of-app-state' })
    assert.equal((await state.find(token, ME)).status, 200)
    world.issuer.revoke(OUS, 'grant', 'grant-of-app-state')
    await until(async () => (await state.find(token, ME)).status === 401)
  })

  test('can be used from the pages of an app', async () => {
    const answer = await world.at(`/${OUS}/app-state/Basic/x`, {
      method: 'OPTIONS',
      headers: {
        origin: SYSTEM,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,if-match,content-type',
      },
    })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('access-control-allow-origin'), SYSTEM)
    assert.match(answer.headers.get('access-control-allow-headers') ?? '', /if-match/)
    const refused = await world.at(`/${OUS}/app-state/Basic`, { headers: { origin: SYSTEM } })
    assert.equal(refused.headers.get('access-control-allow-origin'), SYSTEM)
    assert.match(refused.headers.get('access-control-expose-headers') ?? '', /etag.*location/)
  })

  test('and its scopes open nothing at the FHIR base', async () => {
    const token = await state.tokenOf(`${USER} ${PATIENT}`)
    world.upstream.requests.length = 0
    const body = JSON.stringify(basic(undefined, { subject: { reference: 'Patient/pat-a' } }))
    const headers = { 'content-type': 'application/fhir+json' }
    assert.equal((await world.fhir('Basic', token, { method: 'POST', headers, body })).status, 403)
    assert.equal((await world.fhir('Basic/x', token, { method: 'PUT', headers, body })).status, 403)
    assert.equal((await world.fhir('Basic/x', token, { method: 'DELETE' })).status, 403)
    assert.equal((await world.fhir('Basic/x', token)).status, 403)
    assert.equal((await world.fhir(`Basic?code=${SYSTEM}%7Cprefs`, token)).status, 403)
    assert.equal(world.upstream.requests.length, 0)
  })

  test('appears in no log', () => {
    const log = world.log.join('\n')
    assert.ok(!log.includes('dark') && !log.includes('pat-a') && !log.includes('stf101'))
  })
})
