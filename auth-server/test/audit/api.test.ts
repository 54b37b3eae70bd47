import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { formatRecord } from '@uthopp/audit/wire'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { json, startWorld, type World } from '#test/support/world.ts'
import { aRecord, logged, processToken, write } from './support.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const get = async (path: string, headers: Readonly<Record<string, string>> = {}, orgnr = OUS) =>
  fetch(`${world.issuer(orgnr)}/audit${path}`, {
    headers: { authorization: `Bearer ${await processToken(world, '__audit.read', 'host', orgnr)}`, ...headers },
  })
const readAs = (path: string) => get(path, { 'x-on-behalf-of': 'stf104' })

/** JSON as a client of another house reads it. */
// oxlint-disable-next-line typescript/no-explicit-any -- what is checked is what no type of ours may assure
type Loose = any
const read = async (answer: Response): Promise<Loose> => JSON.parse(await answer.text())

describe('writing to the access log', () => {
  test('keeps a batch, and keeps it once', async () => {
    const records = [aRecord(), aRecord({ patient: 'cdp1002' })]
    assert.deepEqual(await json(await write(world, records)), { stored: 2, known: 0 })
    assert.deepEqual(await json(await write(world, [...records, aRecord()])), { stored: 1, known: 2 })
  })

  test('refuses another content under an id that is taken, and keeps nothing of that batch', async () => {
    const record = aRecord()
    await write(world, [record])
    const neighbour = aRecord()
    const answer = await write(world, [neighbour, { ...record, patient: 'cdp1002' }])
    assert.equal(answer.status, 409)
    assert.deepEqual((await json(answer))['ids'], [record.id])
    assert.deepEqual(await json(await write(world, [neighbour])), { stored: 1, known: 0 })
  })

  test('is for the processes of the trust, each under its own name', async () => {
    for (const [records, options, status, error] of [
      [[aRecord({ source: 'gateway' })], {}, 403, 'foreign_source'],
      [[aRecord({ source: 'auth-server' })], {}, 403, 'foreign_source'],
      [[aRecord({ source: 'host' })], { as: 'gateway' }, 403, 'foreign_source'],
      [[aRecord({ tenant: AHUS })], {}, 403, 'foreign_tenant'],
      [[aRecord()], { token: await processToken(world, '__audit.read') }, 403, 'insufficient_scope'],
      [[aRecord()], { token: await processToken(world, '__launch') }, 401, 'invalid_token'],
      [[aRecord()], { token: await processToken(world, '__audit.write', 'host', AHUS) }, 401, 'invalid_token'],
      [[aRecord()], { token: 'x' }, 401, 'invalid_token'],
    ] as const) {
      const answer = await write(world, records, options)
      assert.deepEqual([answer.status, (await json(answer))['error']], [status, error])
    }
  })

  test('refuses what is too much or not a record, and says which', async () => {
    const many = Array.from({ length: 501 }, () => aRecord())
    for (const [body, status] of [
      [{ records: [] }, 400],
      [{}, 400],
      [{ records: [{ ...formatRecord(aRecord()), name: 'Berg' }] }, 400],
      [{ records: [formatRecord(aRecord({ patient: '19854349034' }))] }, 400],
      [{ records: many.map(formatRecord) }, 400],
      [
        {
          records: many
            .slice(0, 200)
            .map((one) => formatRecord({ ...one, detail: { note: Array(50).fill('x'.repeat(200)) } })),
        },
        413,
      ],
    ] as const)
      assert.equal((await write(world, body)).status, status)
    const wrong = await json(await write(world, { records: [formatRecord(aRecord()), {}] }))
    assert.match(String(wrong['error_description']), /record 1/)
  })

  test('leaves attempts of strangers in the log', async () => {
    await write(world, [aRecord({ source: 'gateway' })])
    await logged(world, (records) =>
      records.some(({ activity, detail }) => activity === 'log-write-refused' && detail['code'] === 'foreign_source'),
    )
  })
})

describe('reading the access log', () => {
  test('gives FHIR events with names looked up, newest first, a page at a time', async () => {
    const records = [1, 2, 3].map((hour) =>
      aRecord({ patient: 'cdp1003', at: new Date(Date.UTC(2026, 10, 20, hour)), correlationId: `hour-${hour}` }),
    )
    await write(world, records)
    const answer = await readAs(
      '/AuditEvent?patient=Patient/cdp1003&date=ge2026-11-20&agent=stf101&_sort=-date&_count=2',
    )
    assert.equal(answer.headers.get('content-type'), 'application/fhir+json; charset=utf-8')
    const first = await read(answer)
    assert.deepEqual(
      first.entry.map(({ resource }: Loose) => resource.id),
      [records[2]?.id, records[1]?.id],
    )
    const [event] = first.entry
    assert.match(JSON.stringify(event.resource), /Family of stf101.*Akuttmottak/s)
    const next = first.link.find(({ relation }: Loose) => relation === 'next').url
    const second = await read(await get(next.slice(`${world.issuer()}/audit`.length)))
    assert.deepEqual(
      second.entry.map(({ resource }: Loose) => resource.id),
      [records[0]?.id],
    )
    assert.equal(second.link.length, 1)
    assert.equal((await read(await readAs(`/AuditEvent/${records[0]?.id}`))).id, records[0]?.id)
  })

  test('tells calls of the FHIR API as IHE Basic Audit where that is asked', async () => {
    await write(world, [aRecord({ patient: 'cdp1004' }), aRecord({ patient: 'cdp1004', activity: 'patient-opened' })])
    const bundle = await read(await readAs('/AuditEvent?patient=cdp1004&_shape=balp'))
    assert.deepEqual(
      bundle.entry.map(({ resource }: Loose) => resource.meta.profile[0].split('.').at(-1)),
      ['PatientRead'],
    )
  })

  test('leaves the numbers of staff out where a patient reads', async () => {
    await write(world, [aRecord({ patient: 'cdp1004' })])
    const entitled = JSON.stringify(await read(await readAs('/AuditEvent?patient=cdp1004')))
    assert.match(entitled, /04857949078/)
    const answer = await get('/AuditEvent?patient=cdp1004&_shape=patient', { 'x-on-behalf-of': 'cdp1004' })
    const forPatient = JSON.stringify(await read(answer))
    assert.match(forPatient, /Family of stf101/)
    assert.doesNotMatch(forPatient, /04857949078|999000101/)
    assert.equal((await get('/AuditEvent?_shape=patient')).status, 400)
  })

  test('finds a patient by national id only where no address holds it', async () => {
    await write(world, [aRecord({ patient: 'cdp1001' })])
    const search = async (form: Readonly<Record<string, string>>) =>
      fetch(`${world.issuer()}/audit/AuditEvent/_search`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { authorization: `Bearer ${await processToken(world, '__audit.read')}` },
      })
    const system = 'urn:oid:2.16.578.1.12.4.1.4.1'
    const found = await read(await search({ 'patient.identifier': `${system}|19854349034` }))
    assert.ok(found.entry.length > 0)
    assert.doesNotMatch(JSON.stringify(found.link), /19854349034/)
    assert.deepEqual((await read(await search({ 'patient.identifier': '11843749420' }))).entry, [])
    assert.equal((await search({ 'patient.identifier': 'berg' })).status, 400)
    assert.equal((await readAs(`/AuditEvent?patient.identifier=${system}|19854349034`)).status, 400)
  })

  test('gives the host’s pages one patient’s log as ids, and patients less of it than staff', async () => {
    const policy = {
      decisionId: 'p1',
      version: '1',
      effect: 'deny',
      rules: ['block'],
      reasonCode: 'blocked-by-patient',
      trace: {},
    } as const
    await write(world, [aRecord({ patient: 'cdp1006', outcome: 'refused', policy, activity: 'fhir-refused' })])
    const [forPatient] = (await read(await get('/patient/cdp1006', { 'x-on-behalf-of': 'cdp1006' }))).entries
    assert.deepEqual(forPatient.actor, { kind: 'clinician', id: 'stf101', role: 'agb101' })
    assert.deepEqual(forPatient.what, { interaction: 'read', type: 'Observation', ids: [], count: null })
    assert.equal('reason_code' in forPatient, false)
    const staff = await read(await readAs('/patient/cdp1006?for=staff'))
    const entry = staff.entries.find(({ activity }: Loose) => activity === 'fhir-refused')
    assert.equal(entry.reason_code, 'blocked-by-patient')
    assert.equal(staff.next, null)
  })

  test('gives leaders chosen activities of the trust', async () => {
    await write(world, [aRecord({ activity: 'break-glass-started' }), aRecord({ activity: 'self-authorized' })])
    const { entries } = await read(await readAs('/activities?activity=break-glass-started,self-authorized'))
    assert.deepEqual(entries.map(({ activity }: Loose) => activity).toSorted(), [
      'break-glass-started',
      'self-authorized',
    ])
    const one = await read(await readAs(`/activities?correlation=${'c'.repeat(32)}&_count=1`))
    assert.equal(one.entries.length, 1)
    assert.match(one.next, /^\d+\.\d+$/)
  })

  test('stands in the log itself, with the person it was read for', async () => {
    await readAs('/patient/cdp1005?for=staff')
    const records = await logged(world, (all) =>
      all.some(({ activity, patient }) => activity === 'log-read' && patient === 'cdp1005'),
    )
    const told = records.find(({ activity, patient }) => activity === 'log-read' && patient === 'cdp1005')
    assert.deepEqual(told?.actor, { kind: 'clinician', id: 'stf104', role: null })
    assert.equal(told?.clientId, 'host')
  })

  test('is refused to everybody else, and that stands in the log too', async () => {
    const bare = await fetch(`${world.issuer()}/audit/patient/cdp1001`)
    assert.equal(bare.status, 401)
    const writer = await fetch(`${world.issuer()}/audit/AuditEvent`, {
      headers: { authorization: `Bearer ${await processToken(world, '__audit.write')}` },
    })
    assert.equal(writer.status, 403)
    const foreign = await fetch(`${world.issuer(AHUS)}/audit/AuditEvent`, {
      headers: { authorization: `Bearer ${await processToken(world, '__audit.read')}` },
    })
    assert.equal(foreign.status, 401)
    await logged(world, (records) => records.filter(({ activity }) => activity === 'log-read-refused').length >= 2)
  })

  test('shows one trust nothing of another', async () => {
    await write(world, [aRecord({ tenant: AHUS, patient: 'cdp1001' })], { orgnr: AHUS })
    const id = (await logged(world, (records) => records.length > 0, AHUS))[0]?.id
    assert.equal((await readAs(`/AuditEvent/${id}`)).status, 404)
    const { entries } = await read(await get('/patient/cdp1002', {}, AHUS))
    assert.deepEqual(entries, [])
  })

  test('refuses parameters it does not know or cannot read', async () => {
    for (const query of [
      'name=berg',
      'patient=a b',
      'date=yesterday',
      'date=ge2026-13-45',
      'patient=a&patient=b',
      '_sort=name',
      '_count=0',
      '_cursor=1',
      '_shape=xml',
    ])
      assert.equal((await readAs(`/AuditEvent?${query}`)).status, 400, query)
    assert.equal((await readAs('/activities')).status, 400)
    assert.equal((await readAs('/activities?activity=looked')).status, 400)
    assert.equal((await get('/AuditEvent', { 'x-on-behalf-of': 'a b' })).status, 400)
  })

  test('gives ids without names while the host is away, and no error', async () => {
    await write(world, [aRecord({ patient: 'cdp1002', correlationId: 'host-away' })])
    world.host.down.value = true
    const bundle = await read(await readAs('/AuditEvent?patient=cdp1002&_count=1'))
    world.host.down.value = false
    assert.equal(bundle.entry.length, 1)
    assert.doesNotMatch(JSON.stringify(bundle), /Family of/)
  })
})
