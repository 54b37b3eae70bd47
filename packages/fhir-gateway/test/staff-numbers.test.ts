import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, OUTSIDE, startWorld, until, type World } from './world.ts'

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1'
const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4'
const NUMBER = '04857949078'
const HPR_NUMBER = '999000101'

const CITIZEN = { sub: 'pat-a', scope: 'patient/*.rs', client_id: 'health-app' }
const CITIZEN_GRANT = { grant: { user_kind: 'citizen', kind: 'standalone', role: null } }
const ROBOT = { sub: 'robot', client_id: 'robot', grant_id: undefined, patient: undefined, scope: 'system/*.rs' }

/** norway.md 2.4.5, 5.3.4 */
describe('national ids of those who work here', () => {
  let world: World
  const eva = (id: string) => ({
    resourceType: 'Practitioner',
    id,
    identifier: [
      { system: FNR, value: NUMBER },
      { system: HPR, value: HPR_NUMBER },
    ],
    name: [{ family: 'Nordmann' }],
  })
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    world.upstream.put(
      eva('stf101'),
      { resourceType: 'PractitionerRole', id: 'agb101', identifier: [{ system: FNR, value: NUMBER }] },
      {
        resourceType: 'Observation',
        id: 'signed',
        status: 'final',
        subject: { reference: 'Patient/pat-a' },
        performer: [{ reference: '#eva' }, { identifier: { system: FNR, value: NUMBER }, display: 'Eva Nordmann' }],
        contained: [eva('eva')],
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${NUMBER}</div>` },
      },
      {
        resourceType: 'Encounter',
        id: 'led',
        status: 'in-progress',
        class: { code: 'AMB' },
        subject: { reference: 'Patient/pat-a', identifier: { system: FNR, value: '30888249520' } },
      },
      {
        resourceType: 'Observation',
        id: 'pointed',
        status: 'final',
        subject: { reference: 'Patient/pat-a' },
        performer: { reference: 'Practitioner/stf101' },
      },
    )
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.requests.length = 0
  })

  const holders = async (): Promise<readonly (readonly [who: string, token: string])[]> => [
    ['citizen', await world.token(CITIZEN, CITIZEN_GRANT)],
    ['clinician', await world.token({ sub: 'stf102', scope: 'patient/*.rs user/*.rs' })],
    ['the person', await world.token({ sub: 'stf101', scope: 'openid fhirUser patient/*.rs user/*.rs' })],
    ['service', await world.token(ROBOT)],
  ]
  const isWithout = ({ status, text }: Answer, how: string) => {
    assert.equal(status, 200, `${how}: ${text}`)
    assert.ok(!text.includes(NUMBER), `${how}: ${text}`)
  }

  test('reach nobody, by no way of reading', async () => {
    for (const [who, token] of await holders()) {
      for (const path of [
        'Practitioner/stf101',
        'Practitioner/stf101?_elements=identifier',
        'Practitioner/stf101/_history/1',
        'Practitioner/stf101/_history',
        'PractitionerRole/agb101',
        'Observation/signed',
        'Observation/signed/_history',
        'Observation?_id=signed',
        'Observation?_id=pointed&_include=Observation:performer',
      ]) {
        const answer = await world.fhir(path, token)
        isWithout(answer, `${who} ${path}`)
        if (path.includes('_include')) assert.ok(answer.text.includes(HPR_NUMBER), `${who} ${answer.text}`)
      }
      const batch = await world.fhir('', token, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify({
          resourceType: 'Bundle',
          type: 'batch',
          entry: ['Practitioner/stf101', 'Observation/signed'].map((url) => ({ request: { method: 'GET', url } })),
        }),
      })
      isWithout(batch, `${who} batch`)
      assert.deepEqual(
        batch.json.entry.map(({ response }: { response: { status: string } }) => response.status),
        ['200', '200'],
      )
    }
  })

  test('are in no export', async () => {
    const robot = await world.token(ROBOT)
    const at = (url: string) => world.at(url.slice(OUTSIDE.length), { headers: { authorization: `Bearer ${robot}` } })
    const begun = await world.fhir('$export?_type=Practitioner,Observation', robot, {
      headers: { prefer: 'respond-async' },
    })
    const status = begun.headers.get('content-location') ?? ''
    await until(async () => (await at(status)).status === 200)
    const files: Answer[] = []
    for (const { url } of (await at(status)).json.output) files.push(await at(url))
    assert.equal(files.length, 2)
    for (const file of files) isWithout(file, 'export')
    assert.ok(files.some(({ text }) => text.includes(HPR_NUMBER)))
  })

  test('leave the name and the HPR number, and what the patient is identified by', async () => {
    const token = await world.token(CITIZEN, CITIZEN_GRANT)
    const { json } = await world.fhir('Practitioner/stf101', token)
    assert.deepEqual(json.identifier, [{ system: HPR, value: HPR_NUMBER }])
    assert.deepEqual(json.name, [{ family: 'Nordmann' }])
    const signed = (await world.fhir('Observation/signed', token)).json
    assert.deepEqual(signed.performer, [{ reference: '#eva' }, { display: 'Eva Nordmann' }])
    assert.equal((await world.fhir('Encounter/led', token)).json.subject.identifier.value, '30888249520')
  })

  test('are not what anybody is found by', async () => {
    for (const [who, token] of await holders()) {
      for (const query of [
        `Practitioner?identifier=${FNR}|${NUMBER}`,
        `Practitioner?identifier=${NUMBER}`,
        `Practitioner?_sort=identifier`,
        `PractitionerRole?practitioner.identifier=${NUMBER}`,
        `Practitioner?_has:PractitionerRole:practitioner:identifier=${NUMBER}`,
        `Observation?performer:identifier=${FNR}|${NUMBER}`,
        `Observation?performer:Practitioner.identifier=${NUMBER}`,
      ])
        assert.equal((await world.fhir(query, token)).status, 403, `${who} ${query}`)
    }
    assert.deepEqual(world.upstream.requests, [])
  })

  test('leave staff to be found by HPR number', async () => {
    const robot = await world.token(ROBOT)
    const found = await world.fhir(`Practitioner?identifier=${HPR}|${HPR_NUMBER}`, robot)
    assert.deepEqual(
      found.json.entry.map(({ resource }: { resource: { id: string } }) => resource.id),
      ['stf101'],
    )
    isWithout(found, 'found')
  })

  test('are not brought out by a change: neither copied by a patch, tested, nor referred to by search', async () => {
    const writer = await world.token({ scope: 'patient/Observation.cruds patient/Practitioner.r' })
    const send = (method: string, path: string, body: unknown, type = 'application/fhir+json', token = writer) =>
      world.fhir(path, token, { method, headers: { 'content-type': type }, body: JSON.stringify(body) })
    const number = '/contained/0/identifier/0/value'
    for (const patch of [
      [{ op: 'copy', from: number, path: '/note' }],
      [{ op: 'test', path: number, value: NUMBER }],
      [{ op: 'test', path: number, value: '00000000000' }],
    ])
      assert.equal((await send('PATCH', 'Observation/signed', patch, 'application/json-patch+json')).status, 403)
    const read = (await world.fhir('Observation/signed', writer)).json
    assert.equal((await send('PUT', 'Observation/signed', read)).status, 403)
    assert.ok(JSON.stringify(world.upstream.stored('Observation', 'signed')).includes(NUMBER))
    const robot = await world.token({ ...ROBOT, scope: 'system/*.cruds' })
    const pointing = (query: string) => ({
      resourceType: 'Observation',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
      performer: [{ reference: `Practitioner?identifier=${query}` }],
    })
    const post = (query: string) => send('POST', 'Observation', pointing(query), undefined, robot)
    assert.equal((await post(`${FNR}|${NUMBER}`)).status, 403)
    assert.equal((await post(`${HPR}|${HPR_NUMBER}`)).status, 201)
  })

  test('staff without them are changed, with words about them and without; staff with them are not', async () => {
    const robot = await world.token({ ...ROBOT, scope: 'system/*.cruds' })
    const telling = (text: string) => ({
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` },
    })
    const hpr = { resourceType: 'Practitioner', identifier: [{ system: HPR, value: HPR_NUMBER }] }
    world.upstream.put(
      { ...hpr, id: 'plain', ...telling(`Kari Fjell, HPR ${HPR_NUMBER}`) },
      { resourceType: 'PractitionerRole', id: 'role', ...telling('Lege') },
      { ...hpr, id: 'told', ...telling(`Eva Nordmann, ${NUMBER.slice(0, 6)} <b>${NUMBER.slice(6)}</b>`) },
    )
    for (const place of ['Practitioner/plain', 'PractitionerRole/role']) {
      const read = await world.fhir(place, robot)
      assert.ok(read.json.text.div.includes('</div>'), read.text)
      const changed = await world.fhir(place, robot, {
        method: 'PUT',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify({ ...read.json, active: true }),
      })
      assert.equal(changed.status, 200, changed.text)
      assert.deepEqual([changed.json.active, changed.json.text], [true, read.json.text])
    }
    const told = await world.fhir('Practitioner/told', robot)
    assert.deepEqual([told.status, told.json.text], [200, undefined])
    const lost = await world.fhir('Practitioner/told', robot, {
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: told.text,
    })
    assert.equal(lost.status, 403)
  })

  test('a resource without them is patched, and what was written comes back without them', async () => {
    const writer = await world.token({ scope: 'patient/Observation.cruds' })
    const patched = await world.fhir('Observation/vital-a', writer, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify([{ op: 'add', path: '/note', value: [{ text: 'x' }] }]),
    })
    assert.equal(patched.status, 200, patched.text)
    const made = await world.fhir('Observation', writer, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Observation',
        status: 'final',
        subject: { reference: 'Patient/pat-a' },
        performer: [{ display: 'Eva', identifier: { system: FNR, value: NUMBER } }],
      }),
    })
    assert.equal(made.status, 201)
    assert.ok(!made.text.includes(NUMBER))
    assert.deepEqual(made.json.performer, [{ display: 'Eva' }])
  })
})
