import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AHUS, OUS } from '../../http/host-world.ts'
import { audience, listenTo, startFactsWorld } from './facts-world.ts'

/** contracts.md §5: what changes counts within 5 s. */
const SOON_MS = 5000
const MINUTE_MS = 60_000
let late = 0
const now = () => new Date(Date.now() + late)
const facts = await startFactsWorld(now)
const open: { close: () => void }[] = []
const listen = async (options: Parameters<typeof listenTo>[1] = {}) => {
  const stream = await listenTo(facts, options)
  open.push(stream)
  return stream
}
after(async () => {
  for (const stream of open) stream.close()
  await facts.world.close()
})

const isBeat = ({ kind }: { kind: string }) => kind === 'heartbeat'
const isPatient =
  (wanted: string) =>
  ({ kind, id }: { kind: string; id?: string }) =>
    kind === 'patient' && id === wanted
const event = (body: object, orgnr = OUS) => facts.write('/adt', { at: now().toISOString(), ...body }, { orgnr })
const templatesOf = async (user: string, role: string, patient: string) =>
  ((await facts.patientsFor(user, role, [patient]))[0]?.decisions ?? []).map(({ template }) => template)

describe('the stream of changes', () => {
  test('beats at least twice a second, so that two seconds of silence mean something', async () => {
    const stream = await listen()
    await stream.until(isBeat, SOON_MS)
    await new Promise((later) => setTimeout(later, 2000))
    assert.ok(stream.lines.filter(isBeat).length >= 4, String(stream.lines.length))
    assert.ok(stream.lines.every(({ sequence }) => /^[\w-]+\.\d+$/.test(sequence)))
  })

  test('tells within a second who changed, with the epoch that the facts have from then on', async () => {
    const stream = await listen()
    await stream.until(isBeat, SOON_MS)
    const before = (await facts.patientsFor('stf101', 'agb101', ['cdp1006']))[0]?.epoch
    assert.equal((await event({ event: 'admit', patient: 'cdp1006', unit: 'lok101' })).status, 200)
    const from = stream.lines.length
    const line = await stream.until(isPatient('cdp1006'), SOON_MS)
    // A second is told by the stream's own beats, which are as slow as the machine is.
    assert.ok(stream.lines.slice(from, stream.lines.indexOf(line)).filter(isBeat).length <= 2)
    const [patient] = await facts.patientsFor('stf101', 'agb101', ['cdp1006'])
    assert.equal(line.epoch, patient?.epoch)
    assert.notEqual(patient?.epoch, before)
    assert.equal((await facts.patientsFor('stf101', 'agb101', ['cdp1004']))[0]?.epoch.endsWith(line.sequence), false)
  })

  test('a heartbeat stands behind everything that was committed before it', async () => {
    const stream = await listen()
    await stream.until(isBeat, SOON_MS)
    const from = stream.lines.length
    await facts.write('/care-team', { patient: 'cdp1008', user: 'stf104', member: true })
    const line = await stream.until(isPatient('cdp1008'), SOON_MS, from)
    const beat = await stream.until(isBeat, SOON_MS, stream.lines.indexOf(line))
    assert.ok(Number(beat.sequence.split('.')[1]) >= Number(line.sequence.split('.')[1]))
  })

  test('goes on where another connection ended, and misses nothing in between', async () => {
    const first = await listen()
    const { sequence } = await first.until(isBeat, SOON_MS)
    first.close()
    await facts.write('/care-team', { patient: 'cdp1005', user: 'stf104', member: true })
    await facts.write('/licences', { user: 'stf105', active: true })
    const again = await listen({ after: sequence })
    await again.until(isBeat, SOON_MS)
    const heard = again.lines.filter((line) => !isBeat(line)).map(({ kind, id }) => `${kind} ${id}`)
    assert.deepEqual(heard, ['patient cdp1005', 'user stf105'])
  })

  test('a sequence of another log is answered with everything that ever changed', async () => {
    const stream = await listen({ after: 'another-log.7' })
    await stream.until(isBeat, SOON_MS)
    assert.ok(stream.lines.filter(({ kind }) => kind === 'patient').length >= 8)
  })

  test('what is not a sequence is refused', async () => {
    for (const query of ['?after=', '?after=x', '?after=a.-1', '?after=a.1&after=a.2']) {
      assert.equal((await facts.read(`/changes${query}`)).status, 400, query)
    }
  })

  test('is silent about another trust', async () => {
    const [here, there] = [await listen(), await listen({ orgnr: AHUS })]
    await Promise.all([here.until(isBeat, SOON_MS), there.until(isBeat, SOON_MS)])
    await event({ event: 'admit', patient: 'cdp2002', unit: 'lok202' }, AHUS)
    await there.until(isPatient('cdp2002'), SOON_MS)
    assert.equal(here.lines.some(isPatient('cdp2002')), false)
  })

  test('ends when the reader’s token does', async () => {
    const stream = await listen()
    await stream.until(isBeat, SOON_MS)
    late += 4 * MINUTE_MS
    await stream.until(isBeat, SOON_MS, stream.lines.length)
    assert.equal(stream.over(), false)
    late += MINUTE_MS
    try {
      for (const deadline = performance.now() + SOON_MS; performance.now() < deadline && !stream.over(); )
        await new Promise((later) => setTimeout(later, 20))
      assert.equal(stream.over(), true)
    } finally {
      late -= 5 * MINUTE_MS
    }
  })
})

describe('an event of patient administration', () => {
  test('that admits a patient opens the record to the unit at once, and the transfer moves it on', async () => {
    assert.deepEqual(await templatesOf('stf102', 'agb102', 'cdp1008'), [])
    await event({ event: 'admit', patient: 'cdp1008', unit: 'lok102' })
    assert.deepEqual(await templatesOf('stf102', 'agb102', 'cdp1008'), ['BELEGG'])
    await event({ event: 'transfer', patient: 'cdp1008', unit: 'lok103' })
    const [patient] = await facts.patientsFor('stf105', 'agb105', ['cdp1008'])
    assert.deepEqual(patient?.contact_units, ['lok103'])
    assert.deepEqual(
      patient.decisions.map(({ template }) => template),
      ['BELEGG'],
    )
    // The unit left behind writes its papers for another fortnight.
    const [left] = (await facts.patientsFor('stf102', 'agb102', ['cdp1008']))[0]?.decisions ?? []
    assert.equal(left?.template, 'BELEGG')
    assert.ok(left.valid_until !== undefined)
  })

  test('that discharges leaves a fortnight, and a cancelled admission leaves nothing', async () => {
    const { body } = await event({ event: 'admit', patient: 'cdp1003', unit: 'lok102' })
    assert.deepEqual(await templatesOf('stf102', 'agb102', 'cdp1003'), ['BELEGG'])
    await event({ event: 'cancel', patient: 'cdp1003', contact: body['contact'] })
    assert.deepEqual(await templatesOf('stf102', 'agb102', 'cdp1003'), [])
    await event({ event: 'discharge', patient: 'cdp1001', unit: 'lok102' })
    const [patient] = await facts.patientsFor('stf102', 'agb102', ['cdp1001'])
    assert.deepEqual([patient?.contact_units.includes('lok102'), patient?.decisions[0]?.template], [false, 'BELEGG'])
  })

  test('that announces a patient opens the acute set for a day, to the minute', async () => {
    await event({ event: 'announce', patient: 'cdp1007', unit: 'lok101' })
    const [patient] = await facts.patientsFor('stf101', 'agb101', ['cdp1007'])
    assert.deepEqual(
      patient?.decisions.map(({ template, purpose }) => [template, purpose]),
      [['MELDT', 'ETREAT']],
    )
    const stream = await listen()
    await stream.until(isBeat, SOON_MS)
    const from = stream.lines.length
    late += 24 * 60 * MINUTE_MS
    try {
      const fresh = await listen()
      await fresh.until(isPatient('cdp1007'), 2 * SOON_MS).catch(() => stream.until(isPatient('cdp1007'), 1, from))
      assert.deepEqual(await templatesOf('stf101', 'agb101', 'cdp1007'), [])
    } finally {
      late -= 24 * 60 * MINUTE_MS
    }
  })

  test('that is not one is refused, and changes nothing', async () => {
    const at = now().toISOString()
    const wrong: readonly (readonly [object, number])[] = [
      [{ event: 'resurrect', patient: 'cdp1004', at }, 400],
      [{ event: 'admit', patient: 'cdp1004', at }, 400],
      [{ event: 'admit', patient: 'cdp1004', unit: 'lok101', at: 'tomorrow' }, 400],
      [{ event: 'admit', patient: 'cdp1004', unit: 'lok101', at: '2031-01-01T00:00:00Z' }, 400],
      [{ event: 'admit', patient: 'cdp1004', unit: 'lok101', at: '1970-01-01T00:00:00Z' }, 400],
      [{ event: 'admit', patient: 'cdp1004', unit: 'lok201', at }, 404],
      [{ event: 'admit', patient: 'cdp2001', unit: 'lok101', at }, 404],
      [{ event: 'admit', patient: 'nobody', unit: 'lok101', at }, 404],
      [{ event: 'cancel', patient: 'cdp1004', at }, 400],
      [{ event: 'admit', patient: 'cdp1004', unit: 'lok101', at, purpose: 'BTG' }, 400],
      [{ event: 'admit', patient: 'cdp1004', unit: 'lok101', contact: 'ktk1004-1', at }, 400],
    ]
    const before = await facts.read('/contacts?patient=cdp1004')
    for (const [body, status] of wrong)
      assert.equal((await facts.write('/adt', body)).status, status, JSON.stringify(body))
    assert.deepEqual((await facts.read('/contacts?patient=cdp1004')).body, before.body)
  })

  test('that cancels names the patient’s own contact', async () => {
    await event({ event: 'cancel', patient: 'cdp1002', contact: 'ktk1004-1' })
    assert.ok((await templatesOf('stf101', 'agb101', 'cdp1004')).includes('BELEGG'))
  })
})

describe('who may change facts', () => {
  test('a register the trust has named, at that trust alone', async () => {
    const issuer = facts.world.deployment.trusts[0]?.registers?.[0]?.issuer ?? ''
    const entry = { patient: 'cdp1004', user: 'stf101', member: true }
    const as = (orgnr: string) =>
      facts.world.forge({ issuer, audience: audience(facts.world, orgnr), scope: '__facts.write' })
    assert.equal((await facts.write('/care-team', entry, { as: await as(OUS) })).status, 204)
    const there = { patient: 'cdp2001', user: 'stf201', member: true }
    assert.equal((await facts.write('/care-team', there, { orgnr: AHUS, as: await as(AHUS) })).status, 401)
    assert.equal((await facts.ask({ user: 'stf101' }, { as: await as(OUS) })).status, 401)
  })

  test('nobody who only may ask, and nobody with another trust’s token', async () => {
    const { forge, deployment } = facts.world
    const { auth, gateway } = deployment.addresses
    const here = audience(facts.world)
    const hostile = [
      null,
      await facts.reader(),
      await facts.writer(AHUS),
      await forge({ issuer: gateway, audience: here, scope: '__facts.write' }),
      await forge({ issuer: `${auth}/${OUS}`, audience: here, scope: '__facts.write' }),
    ]
    const paths = ['/adt', '/blocks', '/blocks/lift', '/responsibilities', '/responsibilities/end', '/care-team']
    for (const as of hostile) {
      for (const path of [...paths, '/decisions', '/decisions/end', '/licences']) {
        assert.equal((await facts.write(path, {}, { as })).status, 401, path)
      }
    }
  })
})
