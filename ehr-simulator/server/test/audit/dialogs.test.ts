import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import { sql } from '@uthopp/storage/sql'
import { OUS, PASSWORD, type Screen, startSurfaceWorld, type SurfaceWorld } from '#test/work-surface/surface-world.ts'

const REASON = 'Særlig gjenkjennelige ord om hvorfor dette trengs'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

const signedIn = async (username: string): Promise<Screen> => {
  const screen = world.screen()
  await screen.signIn(username)
  return screen
}

async function written() {
  const rows = await world.database.acrossTenants.all<{ record: string }>(
    sql`select record from audit_outbox order by position`,
  )
  return rows.map(({ record }) => {
    const read = parseRecord(JSON.parse(record))
    if (isProblem(read)) throw new Error(read.reason)
    return read
  })
}

/** What was written while something was done. */
async function toldOf(deed: () => Promise<unknown>) {
  const before = (await written()).length
  await deed()
  return (await written()).slice(before)
}

/** Nothing can be written down meanwhile. */
async function withoutLog<T>(deed: () => Promise<T>): Promise<T> {
  await world.database.acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
  try {
    return await deed()
  } finally {
    await world.database.acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
  }
}

describe('the record of opening a chart', () => {
  test('is written once a look, with the decision it leant on, and not at each refresh of the screen', async () => {
    const nordmann = await signedIn('nordmann')
    const told = await toldOf(async () => {
      await nordmann.get('patients/cdp1004')
      await nordmann.get('patients/cdp1004')
    })
    assert.deepEqual(
      told.map(({ activity, outcome, patient, actor, purpose }) => [activity, outcome, patient, actor.id, purpose]),
      [['patient-opened', 'ok', 'cdp1004', 'stf101', 'TREAT']],
    )
    world.pass(16)
    const again = await toldOf(() => nordmann.get('patients/cdp1004'))
    assert.equal(again.length, 1)
  })

  test('tells of attempts without a relation, and of nobody who is not there', async () => {
    const nordmann = await signedIn('nordmann')
    const told = await toldOf(async () => {
      await nordmann.get('patients/cdp1006')
      await nordmann.get('patients/cdp9')
    })
    assert.deepEqual(
      told.map(({ activity, outcome, patient }) => [activity, outcome, patient]),
      [['patient-opened', 'refused', 'cdp1006']],
    )
  })

  test('has a line for each patient on a list, with the decision it leans on', async () => {
    const holm = await signedIn('holm')
    const told = await toldOf(() => holm.get('unit'))
    assert.deepEqual([...new Set(told.map(({ decision }) => decision?.template))], ['BELEGG'])
    assert.deepEqual(
      told.map(({ patient }) => patient).toSorted((a, b) => String(a).localeCompare(String(b))),
      ['cdp1001', 'cdp1007'],
    )
  })

  test('stands before the chart: without a log there are no data', async () => {
    const myhre = await signedIn('myhre')
    for (const path of ['patients/cdp1006', 'unit']) {
      const answer = await withoutLog(() => myhre.get(path))
      assert.equal(answer.status, 500, path)
      assert.equal(JSON.stringify(answer.body).includes('Aas'), false)
    }
    const found = await withoutLog(() => myhre.post('patients/find', { text: 'hansen' }))
    assert.deepEqual([found.status, 'patients' in found.body], [500, false])
    assert.equal((await myhre.get('patients/cdp1006')).status, 200, 'and with one there are')
  })
})

describe('the record of leaving a patient', () => {
  const left = (told: Awaited<ReturnType<typeof toldOf>>) =>
    told.map(({ activity, outcome, patient, actor }) => [activity, outcome, patient, actor.id])
  const TAB = { workspace: 'workspace-1', patient: 'cdp1004' }

  test('names whom it was, and tells closing from switching; coming back is a look of its own', async () => {
    const nordmann = await signedIn('nordmann')
    const told = await toldOf(async () => {
      await nordmann.get('patients/cdp1004')
      await nordmann.post('launches/end', { ...TAB, switched: true })
      await nordmann.get('patients/cdp1004')
      await Promise.all([1, 2, 3].map(() => nordmann.post('launches/end', TAB)))
    })
    assert.deepEqual(
      left(told),
      ['patient-opened', 'patient-switch', 'patient-opened', 'patient-closed'].map((activity) => [
        activity,
        'ok',
        'cdp1004',
        'stf101',
      ]),
      'and of what is closed already there is nothing to tell',
    )
  })

  test('is of whom this session had opened, and of nobody else', async () => {
    const [nordmann, elsewhere] = [await signedIn('nordmann'), await signedIn('nordmann')]
    await nordmann.get('patients/cdp1004')
    const told = await toldOf(async () => {
      assert.equal((await elsewhere.post('launches/end', TAB)).status, 204)
      assert.equal((await nordmann.post('launches/end', { ...TAB, patient: 'cdp100' })).status, 204)
      assert.equal((await nordmann.post('launches/end', { workspace: 'workspace-1' })).status, 204)
    })
    assert.deepEqual(told, [])
  })

  test('stands before its launches are ended, and is tried again', async () => {
    const nordmann = await signedIn('nordmann')
    await nordmann.get('patients/cdp1004')
    const count = world.authorizationServer.heard.length
    assert.equal((await withoutLog(() => nordmann.post('launches/end', TAB))).status, 500)
    assert.equal(world.authorizationServer.heard.length, count)
    assert.deepEqual(left(await toldOf(() => nordmann.post('launches/end', TAB))), [
      ['patient-closed', 'ok', 'cdp1004', 'stf101'],
    ])
  })
})

describe('the record of asking', () => {
  test('who somebody is, or what they have blocked, is written before it is answered', async () => {
    const nordmann = await signedIn('nordmann')
    for (const path of ['patients/cdp1006/access', 'patients/cdp1007/blocked']) {
      const answer = await withoutLog(() => nordmann.get(path))
      assert.deepEqual([answer.status, 'patient' in answer.body, 'items' in answer.body], [500, false, false], path)
      const told = await toldOf(async () => assert.equal((await nordmann.get(path)).status, 200))
      assert.deepEqual(
        told.map(({ activity, patient }) => [activity, patient]),
        [['fhir-access', path.split('/')[1]]],
      )
    }
  })
})

describe('a record that could not be written', () => {
  test('of a list or of a refusal is written when it is asked for again', async () => {
    const [holm, bakke] = [await signedIn('holm'), await signedIn('bakke')]
    const ask = async () => [(await holm.get('unit')).status, (await bakke.get('patients/cdp1006')).status]
    assert.deepEqual(await withoutLog(ask), [500, 500])
    const told = await toldOf(async () => assert.deepEqual(await ask(), [200, 403]))
    assert.deepEqual(
      told.map(({ outcome, actor }) => [outcome, actor.id]),
      [
        ['ok', 'stf108'],
        ['ok', 'stf108'],
        ['refused', 'stf104'],
      ],
    )
  })
})

describe('the record of access somebody gives themselves', () => {
  test('names the decision and its ground, and never the words', async () => {
    const bakke = await signedIn('bakke')
    const told = await toldOf(async () => {
      await bakke.post('access', { patient: 'cdp1006', ground: 'TILSYN', reason: 'nei' })
      const { body } = await bakke.post('access', { patient: 'cdp1006', ground: 'TILSYN', reason: REASON })
      await bakke.post('access/end', { decision: body['decision'] })
    })
    assert.deepEqual(
      told.map(({ activity, outcome, patient, decision }) => [activity, outcome, patient, decision?.template]),
      [
        ['self-authorization-refused', 'refused', 'cdp1006', undefined],
        ['self-authorized', 'ok', 'cdp1006', 'TILSYN'],
        ['decision-changed', 'ok', 'cdp1006', 'TILSYN'],
      ],
    )
    assert.equal(JSON.stringify(await written()).includes('gjenkjennelige'), false)
    assert.equal(
      world.logLines.some((line) => line.includes('gjenkjennelige')),
      false,
    )
  })

  test('stands or falls with the access', async () => {
    const lund = await signedIn('lund')
    const wish = { patient: 'cdp1004', ground: 'TILSYN', reason: REASON }
    assert.equal((await withoutLog(() => lund.post('access', wish))).status, 500)
    const kept = await world.database.acrossTenants.all(sql`select id from care_decision where user_id = ${'stf103'}`)
    assert.deepEqual(kept, [], 'one transaction: there never was such an access')
    assert.equal((await lund.get('patients/cdp1004')).body['error'], 'patient_not_available')
  })

  test('tells which items were opened when a block was lifted', async () => {
    const nordmann = await signedIn('nordmann')
    const items = ((await nordmann.get('patients/cdp1007/blocked')).body['items'] as readonly { id: string }[])
      .slice(0, 1)
      .map(({ id }) => id)
    const wish = { patient: 'cdp1007', items, reason: REASON, confirmed: true, password: PASSWORD }
    assert.equal((await withoutLog(() => nordmann.post('glass', wish))).status, 500)
    const [told] = await toldOf(() => nordmann.post('glass', wish))
    const [chart, ...read] = await toldOf(() => nordmann.get('patients/cdp1007'))
    assert.deepEqual([chart?.activity, chart?.purpose], ['patient-opened', 'TREAT'])
    // The document, and the bytes it consists of.
    assert.deepEqual(
      read.map(({ activity, decision, what }) => [activity, decision?.template, what?.type]),
      [
        ['fhir-access', 'BTG', 'DocumentReference'],
        ['fhir-access', 'BTG', 'Binary'],
      ],
    )
    assert.deepEqual(read[0]?.what?.ids, items)
    assert.deepEqual([told?.activity, told?.purpose, told?.decision?.template], ['break-glass-started', 'BTG', 'BTG'])
    assert.deepEqual(told?.detail['notified'], ['unit-leader', 'privacy-officer'], 'who is to hear of it')
    const opened = told?.detail['items']
    assert.equal(Array.isArray(opened) && opened[0] === items[0], true)
  })

  test('tells at the FHIR door, too, by what each resource was read: the lifted block, or what it is read by otherwise', async () => {
    world.pass(16)
    const nordmann = await signedIn('nordmann')
    const read = (item: string) =>
      fetch(`${world.address}/${OUS}/fhir/${item}`, { headers: { cookie: nordmann.cookie } })
    const { items } = (await nordmann.get('patients/cdp1007/blocked')).body as { items: readonly { id: string }[] } // as the web reads it
    const [lifted, kept] = items
    assert.ok(lifted && kept)
    const wish = { patient: 'cdp1007', items: [lifted.id], reason: REASON, confirmed: true, password: PASSWORD }
    const { decision } = (await nordmann.post('glass', wish)).body
    const told = await toldOf(async () => {
      const statuses = []
      for (const item of [lifted.id, 'Patient/cdp1007', kept.id, 'Patient/cdp1006'])
        statuses.push((await read(item)).status)
      assert.deepEqual(statuses, [200, 200, 404, 404])
    })
    assert.deepEqual(
      told.map(({ activity, what, purpose, decision: by }) => [activity, what?.ids[0], purpose, by?.template]),
      [
        ['fhir-access', lifted.id, 'BTG', 'BTG'],
        ['fhir-access', 'Patient/cdp1007', 'TREAT', undefined],
        ['fhir-refused', kept.id, 'TREAT', undefined],
        ['fhir-refused', 'Patient/cdp1006', null, undefined],
      ],
    )
    assert.equal(told[0]?.decision?.id, decision)
  })
})

/** What every record of a chart says of how it was decided. */
describe('what policy answered', () => {
  const saidOf = (records: Awaited<ReturnType<typeof toldOf>>) =>
    records.map(({ activity, outcome, policy }) => [
      activity,
      outcome,
      policy?.effect,
      policy?.reasonCode,
      policy?.rules,
    ])

  test('stands in the record of a chart, of each patient of a list and of a resource: rules, book and case', async () => {
    const holm = await signedIn('holm')
    const told = await toldOf(async () => {
      await holm.get('unit')
      await holm.get('patients/cdp1001')
      await fetch(`${world.address}/${OUS}/fhir/Patient/cdp1001`, { headers: { cookie: holm.cookie } })
    })
    assert.ok(told.length >= 3)
    assert.ok(told.some(({ activity }) => activity === 'patient-opened'))
    for (const { activity, policy } of told) {
      assert.equal(policy?.effect, 'permit', activity)
      assert.ok((policy?.rules ?? []).length > 0, activity)
      assert.match(policy?.version ?? '', /./)
      assert.match(JSON.stringify(policy?.trace), /"action":"Ehr::Action::[^,]*read/)
      // Whoever reads the log finds the names elsewhere.
      assert.doesNotMatch(JSON.stringify(policy), /Berg/i)
    }
  })

  test('stands in the record of a denial, with the rule or the reason there was none', async () => {
    const myhre = await signedIn('myhre')
    const denied = await toldOf(async () => {
      await myhre.get('patients/cdp1004')
      await fetch(`${world.address}/${OUS}/fhir/Patient/cdp1004`, { headers: { cookie: myhre.cookie } })
      await myhre.post('access', { patient: 'cdp1004', ground: 'BLAALYS', reason: REASON })
    })
    assert.deepEqual(saidOf(denied), [
      ['patient-opened', 'refused', 'deny', 'no-care-relation', []],
      ['fhir-refused', 'refused', 'deny', 'no-care-relation', []],
      ['self-authorization-refused', 'refused', 'deny', 'template-not-for-role', []],
    ])
    assert.equal(denied[0]?.detail['reasonNb'], 'Du har ikke tjenstlig behov registrert for denne pasienten.')
    const lie = await signedIn('lie')
    const [, read] = await toldOf(async () => {
      await lie.get('patients/cdp1004')
      await fetch(`${world.address}/${OUS}/fhir/DocumentReference/dok1004-2`, { headers: { cookie: lie.cookie } })
    })
    assert.deepEqual([read?.policy?.reasonCode, read?.policy?.rules], ['role-not-entitled', ['guard-role']])
  })

  test('is nothing where policy was not asked, and no permit where the host itself said no', async () => {
    const nordmann = await signedIn('nordmann')
    const [choosing, short] = await toldOf(async () => {
      await nordmann.get('patients/cdp1006/access')
      await nordmann.post('access', { patient: 'cdp1006', ground: 'TILSYN', reason: 'aaaaaaaaaaaaaaaaaaaa' })
    })
    assert.deepEqual([choosing?.activity, choosing?.policy], ['fhir-access', null])
    assert.equal(short?.outcome, 'refused')
    assert.notEqual(short?.policy?.effect, 'permit')
  })
})
