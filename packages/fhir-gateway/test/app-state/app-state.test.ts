import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AHUS, type Answer, BASE, OUS, OUTSIDE, startWorld, type World } from '#test/world.ts'

const DOOR = `${OUTSIDE}/${OUS}/app-state`
const SYSTEM = 'https://app.example'
const PREFS = `code=${SYSTEM}|prefs`
const USER = `user/Basic.cuds?${PREFS}`
const PATIENT = `patient/Basic.cuds?${PREFS}`
const ME = `${BASE}/Practitioner/stf101`
const BERG = `${BASE}/Patient/pat-a`

const basic = (subject: string | undefined, more: object = {}): Record<string, unknown> => ({
  resourceType: 'Basic',
  code: { coding: [{ system: SYSTEM, code: 'prefs' }] },
  ...(subject === undefined ? {} : { subject: { reference: subject } }),
  extension: [{ url: `${SYSTEM}/theme`, valueString: '{"dark":true}' }],
  ...more,
})

describe('app state', () => {
  let world: World
  let apps = 0
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** A token of an app of its own, so that no test finds what another left. */
  const app = (): string => `app-${(apps += 1)}`
  const tokenOf = (scope: string, claims: Readonly<Record<string, unknown>> = {}) =>
    world.token({ client_id: app(), scope, ...claims })
  const ask = (token: string | undefined, method: string, path: string, body?: unknown, headers: object = {}) =>
    world.at(`/${OUS}/app-state/${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const post = (token: string, body: unknown) => ask(token, 'POST', 'Basic', body)
  const put = (token: string, id: string, body: unknown, ifMatch?: string) =>
    ask(token, 'PUT', `Basic/${id}`, body, ifMatch === undefined ? {} : { 'if-match': ifMatch })
  const remove = (token: string, id: string, ifMatch?: string) =>
    ask(token, 'DELETE', `Basic/${id}`, undefined, ifMatch === undefined ? {} : { 'if-match': ifMatch })
  const find = (token: string, subject: string | undefined, code = `${SYSTEM}|prefs`) =>
    ask(
      token,
      'GET',
      `Basic?code=${encodeURIComponent(code)}&${subject === undefined ? 'subject:missing=true' : `subject=${encodeURIComponent(subject)}`}`,
    )
  const found = async (answer: Promise<Answer>): Promise<readonly string[]> => {
    const { status, json } = await answer
    assert.equal(status, 200)
    assert.equal(json.type, 'searchset')
    return (json.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id)
  }

  test('is created with an id and a version of the server, and comes back as it was written (SAL-213, SAL-216, SAL-219)', async () => {
    const token = await tokenOf(USER)
    const made = await post(token, basic(ME))
    assert.equal(made.status, 201)
    assert.equal(made.headers.get('etag'), 'W/"1"')
    assert.equal(made.headers.get('location'), `${DOOR}/Basic/${made.json.id}`)
    const { id, meta, ...rest } = made.json
    assert.deepEqual(rest, basic(ME))
    assert.equal(meta.versionId, '1')
    const answer = await find(token, ME)
    assert.deepEqual(answer.json.entry[0].resource, made.json)
    assert.equal(answer.json.entry[0].fullUrl, `${DOOR}/Basic/${id}`)
    assert.deepEqual(await found(find(token, undefined)), [])
  })

  test('is replaced and deleted by version; a stale one, none, `*` and a deleted id are 412 (SAL-217, SAL-218)', async () => {
    const token = await tokenOf(USER)
    const { id } = (await post(token, basic(ME))).json
    const next = basic(ME, { id, meta: { versionId: '1' }, extension: [{ url: `${SYSTEM}/x`, valueString: 'b' }] })
    for (const ifMatch of [undefined, '*', 'W/"2"', 'W/"0"', '1', 'W/"1", W/"2"', '"1e0"']) {
      assert.equal((await put(token, id, next, ifMatch)).status, 412, ifMatch)
      assert.equal((await remove(token, id, ifMatch)).status, 412, ifMatch)
    }
    const replaced = await put(token, id, next, 'W/"1"')
    assert.deepEqual([replaced.status, replaced.headers.get('etag'), replaced.json.meta.versionId], [200, 'W/"2"', '2'])
    assert.deepEqual(replaced.json.extension, next['extension'])
    const stale = await put(token, id, next, 'W/"1"')
    assert.equal(stale.status, 412)
    assert.equal((await remove(token, id, 'W/"2"')).status, 204)
    const gone = await put(token, id, next, 'W/"2"')
    assert.deepEqual([gone.status, gone.text], [412, stale.text])
    assert.equal((await remove(token, id, 'W/"2"')).status, 412)
    assert.equal((await put(token, 'never', basic(ME, { id: 'never' }), 'W/"1"')).text, stale.text)
    assert.deepEqual(await found(find(token, ME)), [])
  })

  test('keeps its code, its subject and its id (SAL-217)', async () => {
    const token = await tokenOf(`${USER} user/Basic.cuds?code=${SYSTEM}|tabs`)
    const { id } = (await post(token, basic(ME))).json
    const coded = { coding: [{ system: SYSTEM, code: 'tabs' }] }
    for (const changed of [
      basic(ME, { id, code: coded }),
      basic(BERG, { id }),
      basic(`${BASE}/Patient/pat-b`, { id }),
      basic(undefined, { id }),
      basic(ME, { id, code: { coding: [{ system: 'https://other.example', code: 'prefs' }] } }),
    ])
      assert.equal((await put(token, id, changed, 'W/"1"')).status, 412)
    assert.equal((await put(token, id, basic(ME, { id: 'another' }), 'W/"1"')).status, 400)
    assert.equal((await put(token, id, basic(ME), 'W/"1"')).status, 400)
    assert.equal((await find(token, ME)).json.entry[0].resource.meta.versionId, '1')
  })

  test('of another app, another user, another patient or another trust is neither found nor touched (SAL-221)', async () => {
    const [one, two] = [app(), app()]
    const both = `${USER} ${PATIENT}`
    const mine = await world.token({ client_id: one, scope: both })
    const aboutMe = (await post(mine, basic(ME))).json.id
    const aboutBerg = (await post(mine, basic(BERG))).json.id
    const otherApp = await world.token({ client_id: two, scope: both })
    const otherUser = await world.token({ client_id: one, scope: both, sub: 'stf102' })
    const otherPatient = await world.token({ client_id: one, scope: both, patient: 'pat-b' })
    assert.deepEqual(await found(find(otherApp, ME)), [])
    assert.deepEqual(await found(find(otherApp, BERG)), [])
    assert.equal((await find(otherUser, ME)).status, 403)
    assert.deepEqual(await found(find(otherUser, BERG)), [aboutBerg])
    assert.equal((await find(otherPatient, BERG)).status, 403)
    assert.deepEqual(await found(find(otherPatient, ME)), [aboutMe])
    for (const [token, id, subject] of [
      [otherApp, aboutMe, ME],
      [otherApp, aboutBerg, BERG],
      [otherUser, aboutMe, ME],
      [otherPatient, aboutBerg, BERG],
    ] as const) {
      assert.equal((await put(token, id, basic(subject, { id }), 'W/"1"')).status, 412)
      assert.equal((await remove(token, id, 'W/"1"')).status, 412)
    }
    assert.equal((await post(otherUser, basic(ME))).status, 403)
    assert.equal((await post(otherPatient, basic(BERG))).status, 403)
    const there = await world.token({ client_id: one, scope: both }, { orgnr: AHUS })
    const foreign = await world.at(`/${AHUS}/app-state/Basic?${PREFS}&subject=${ME}`, {
      headers: { authorization: `Bearer ${there}` },
    })
    assert.equal(foreign.status, 403)
    assert.equal((await find(there, ME)).status, 401)
    assert.deepEqual(await found(find(mine, ME)), [aboutMe])
  })

  test('about a role, a relative or a Person is taken, and kept for the user who wrote it (SAL-215)', async () => {
    const one = app()
    const mine = await world.token({ client_id: one, scope: USER })
    const theirs = await world.token({ client_id: one, scope: USER, sub: 'stf102' })
    for (const subject of ['PractitionerRole/agb1', 'RelatedPerson/r1', 'Person/p1'].map((name) => `${BASE}/${name}`)) {
      const { id } = (await post(mine, basic(subject))).json
      assert.deepEqual(await found(find(mine, subject)), [id])
      assert.deepEqual(await found(find(theirs, subject)), [])
      assert.equal((await remove(theirs, id, 'W/"1"')).status, 412)
      assert.equal((await post(theirs, basic(subject))).status, 201)
    }
  })

  test('is kept once for a code and subject, and for each code and each subject (SAL-220)', async () => {
    const token = await tokenOf(`${USER} ${USER.replace('prefs', 'tabs')} ${PATIENT}`)
    assert.equal((await post(token, basic(ME))).status, 201)
    assert.equal((await post(token, basic(ME))).status, 409)
    assert.equal((await post(token, basic(BERG))).status, 201)
    assert.equal((await post(token, basic(ME, { code: { coding: [{ system: SYSTEM, code: 'tabs' }] } }))).status, 201)
  })

  test('about nobody is read by every user of the app and written only with the scope the trust gives for it (SAL-221)', async () => {
    const one = app()
    const admin = await world.token({ client_id: one, scope: `${USER} __app_state.global` })
    const anybody = await world.token({ client_id: one, scope: USER, sub: 'stf102' })
    const patientOnly = await world.token({ client_id: one, scope: `${PATIENT} __app_state.global` })
    for (const token of [anybody, patientOnly]) assert.equal((await post(token, basic(undefined))).status, 403)
    const { id } = (await post(admin, basic(undefined))).json
    for (const token of [admin, anybody, patientOnly]) assert.deepEqual(await found(find(token, undefined)), [id])
    for (const token of [anybody, patientOnly]) {
      assert.equal((await put(token, id, basic(undefined, { id }), 'W/"1"')).status, 412)
      assert.equal((await remove(token, id, 'W/"1"')).status, 412)
    }
    assert.equal((await put(admin, id, basic(undefined, { id }), 'W/"1"')).status, 200)
    assert.equal((await remove(admin, id, 'W/"2"')).status, 204)
  })

  test('is opened by the letters of a scope that names the code, and by no other scope (SAL-222)', async () => {
    for (const scope of [
      'user/*.cruds patient/*.cruds',
      'user/Basic.cruds patient/Basic.cruds',
      `user/Basic.cruds?code=prefs`,
      `user/Basic.cruds?code=${SYSTEM}|`,
      `user/Basic.cruds?code=${SYSTEM}|tabs`,
      `user/*.cruds?${PREFS}`,
      `system/Basic.cruds?${PREFS}`,
      `user/Observation.cruds?${PREFS}`,
      'openid fhirUser launch __app_state.global',
    ]) {
      const token = await tokenOf(scope)
      assert.equal((await post(token, basic(ME))).status, 403, scope)
      assert.equal((await find(token, ME)).status, 403, scope)
      assert.notEqual((await put(token, 'x', basic(ME, { id: 'x' }), 'W/"1"')).status, 200, scope)
    }
    const reader = await tokenOf(`user/Basic.s?${PREFS}`)
    assert.deepEqual(await found(find(reader, ME)), [])
    const refused = await post(reader, basic(ME))
    assert.match(refused.headers.get('www-authenticate') ?? '', /insufficient_scope/)
    assert.equal((await put(reader, 'x', basic(ME, { id: 'x' }), 'W/"1"')).status, 403)
    assert.equal((await remove(reader, 'x', 'W/"1"')).status, 403)
    const writer = await tokenOf(`user/Basic.cu?${PREFS}`)
    assert.equal((await find(writer, ME)).status, 403)
    assert.equal((await remove(writer, 'x', 'W/"1"')).status, 403)
    const noPatient = await tokenOf(PATIENT, { patient: undefined })
    assert.equal((await post(noPatient, basic(BERG))).status, 403)
  })

  test('that is not what SMART describes is refused, not trimmed (SAL-214, SAL-216)', async () => {
    const token = await tokenOf(`${USER} ${PATIENT}`)
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
      const answer = await post(token, body)
      assert.equal(answer.status, status, JSON.stringify(body))
      assert.equal(answer.json.resourceType, 'OperationOutcome')
    }
    assert.equal((await ask(token, 'POST', 'Basic', basic(ME), { 'content-type': 'text/plain' })).status, 415)
    assert.deepEqual(await found(find(token, ME)), [])
  })

  test('is taken up to 256 kB and refused beyond', async () => {
    const token = await tokenOf(USER)
    const sized = (length: number): string => {
      const empty = JSON.stringify(basic(ME, { extension: [{ url: 'x', valueString: '' }] }))
      return JSON.stringify(basic(ME, { extension: [{ url: 'x', valueString: 'y'.repeat(length - empty.length) }] }))
    }
    assert.equal((await post(token, sized(256 * 1024 + 1))).status, 413)
    const { status, json } = await post(token, sized(256 * 1024))
    assert.equal(status, 201)
    assert.equal((await put(token, json.id, sized(256 * 1024 + 1), 'W/"1"')).status, 413)
  })

  test('answers two exact questions and no others', async () => {
    const token = await tokenOf(USER)
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
      assert.equal((await ask(token, 'GET', `Basic?${query.replaceAll('|', '%7C')}`)).status, status, query)
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
      assert.equal((await ask(token, method, path)).status, 403, `${method} ${path}`)
  })

  test('needs a token that is good at the FHIR base, and lives no longer than it (SAL-221)', async () => {
    assert.equal((await ask(undefined, 'POST', 'Basic', basic(ME))).status, 401)
    assert.equal((await find(await tokenOf(USER, { aud: DOOR }), ME)).status, 401)
    const token = await tokenOf(USER, { grant_id: 'grant-of-app-state' })
    assert.equal((await find(token, ME)).status, 200)
    world.issuer.revoke(OUS, 'grant', 'grant-of-app-state')
    let status = 200
    for (let tries = 0; tries < 100 && status === 200; tries += 1) {
      await new Promise((later) => setTimeout(later, 20))
      status = (await find(token, ME)).status
    }
    assert.equal(status, 401)
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

  test('and its scopes write nothing at the FHIR base', async () => {
    const token = await tokenOf(`${USER} ${PATIENT}`)
    world.upstream.requests.length = 0
    const body = JSON.stringify(basic(undefined, { subject: { reference: 'Patient/pat-a' } }))
    const headers = { 'content-type': 'application/fhir+json' }
    assert.equal((await world.fhir('Basic', token, { method: 'POST', headers, body })).status, 403)
    assert.equal((await world.fhir('Basic/x', token, { method: 'PUT', headers, body })).status, 403)
    assert.equal((await world.fhir('Basic/x', token, { method: 'DELETE' })).status, 403)
    assert.equal(world.upstream.requests.length, 0)
  })

  test('appears in no log', () => {
    const log = world.log.join('\n')
    assert.ok(!log.includes('dark') && !log.includes('pat-a') && !log.includes('stf101'))
  })
})
