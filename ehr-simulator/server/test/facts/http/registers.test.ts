import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import { sql } from '@uthopp/storage/sql'
import { startFactsWorld } from './facts-world.ts'

const facts = await startFactsWorld()
after(() => facts.world.close())

const patient = async (user: string, role: string, id: string) => (await facts.patientsFor(user, role, [id]))[0]
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

describe('the register of blocks', () => {
  test('keeps what a patient blocks until it is lifted, of every kind', async () => {
    for (const [kind, target] of [
      ['record', undefined],
      ['document', 'DocumentReference/dok1004-1'],
      ['unit', 'lok101'],
      ['employee', 'stf101'],
      ['profession', 'LE'],
    ] as const) {
      const { status, body } = await facts.write('/blocks', { patient: 'cdp1004', kind, ...(target && { target }) })
      assert.equal(status, 201, kind)
      const blocks = (await patient('stf101', 'agb101', 'cdp1004'))?.blocks
      assert.deepEqual(blocks, [{ id: body['id'], kind, target: target ?? '' }])
      assert.equal((await facts.write('/blocks/lift', { id: body['id'] })).status, 204)
      assert.equal((await facts.write('/blocks/lift', { id: body['id'] })).status, 404)
      assert.deepEqual((await patient('stf101', 'agb101', 'cdp1004'))?.blocks, [])
    }
  })

  test('refuses what blocks nothing that can be found again', async () => {
    for (const [body, status] of [
      [{ patient: 'cdp1004', kind: 'record', target: 'lok101' }, 400],
      [{ patient: 'cdp1004', kind: 'document' }, 400],
      [{ patient: 'cdp1004', kind: 'document', target: 'dok1004-1' }, 400],
      [{ patient: 'cdp1004', kind: 'document', target: 'https://evil.example/DocumentReference/1' }, 400],
      [{ patient: 'cdp1004', kind: 'weekday', target: 'monday' }, 400],
      [{ patient: 'cdp2001', kind: 'record' }, 404],
      [{ patient: 'cdp1004', kind: 'document', target: 'DocumentReference/dok1007-1' }, 404],
      [{ patient: 'cdp1004', kind: 'document', target: 'DocumentReference/dok1004-99' }, 404],
      [{ patient: 'cdp1004', kind: 'unit', target: 'afd101' }, 404],
      [{ patient: 'cdp1004', kind: 'employee', target: 'stf999' }, 404],
      [{ patient: 'cdp1004', kind: 'profession', target: 'ZZ' }, 404],
    ] as const)
      assert.equal((await facts.write('/blocks', body)).status, status, JSON.stringify(body))
  })
})

describe('responsibilities and tasks', () => {
  test('give the named person a decision until they end', async () => {
    const given = { patient: 'cdp1004', unit: 'lok106', kind: 'referral', user: 'stf103' }
    const { status, body } = await facts.write('/responsibilities', given)
    assert.equal(status, 201)
    assert.deepEqual((await patient('stf103', 'agb103', 'cdp1004'))?.decisions[0]?.template, 'HENVISNING')
    assert.equal((await facts.write('/responsibilities/end', { id: body['id'] })).status, 204)
    assert.equal((await facts.write('/responsibilities/end', { id: body['id'] })).status, 404)
    assert.deepEqual((await patient('stf103', 'agb103', 'cdp1004'))?.decisions[0]?.template, 'VURDHENV')
  })

  test('are refused where a person is missing or unknown, or a type is none', async () => {
    for (const [body, status] of [
      [{ patient: 'cdp1004', unit: 'lok101', kind: 'attending' }, 400],
      [{ patient: 'cdp1004', unit: 'lok101', kind: 'attending', user: 'stf201' }, 404],
      [{ patient: 'cdp1004', unit: 'lok101', kind: 'attending', user: 'cdp1004' }, 404],
      [{ patient: 'cdp1004', unit: 'lok999', kind: 'task' }, 404],
      [{ patient: 'cdp1004', unit: 'lok108', kind: 'task', elements: ['*'] }, 400],
      [{ patient: 'cdp1004', unit: 'lok108', kind: 'operation', elements: ['Patient'] }, 400],
      [{ patient: 'cdp1004', unit: 'lok101', kind: 'inpatient' }, 400],
    ] as const)
      assert.equal((await facts.write('/responsibilities', body)).status, status, JSON.stringify(body))
  })
})

describe('the register of health personnel', () => {
  const licence = async (user: string, role: string) =>
    (await facts.ask({ user, role })).body['user'] as { licence: unknown } // as described

  test('suspends a licence and restores it, and forgets one that has run out', async () => {
    assert.deepEqual((await licence('stf101', 'agb101')).licence, { active: true, profession: 'LE' })
    await facts.write('/licences', { user: 'stf101', active: false })
    assert.deepEqual((await licence('stf101', 'agb101')).licence, { active: false, profession: 'LE' })
    await facts.write('/licences', { user: 'stf101', active: true, valid_until: '2020-01-01T00:00:00Z' })
    assert.deepEqual((await licence('stf101', 'agb101')).licence, { active: false, profession: 'LE' })
    await facts.write('/licences', { user: 'stf101', active: true, valid_until: null })
    assert.deepEqual((await facts.read('/licences?user=stf101')).body, {
      user: 'stf101',
      profession: 'LE',
      active: true,
      valid_until: null,
    })
  })

  test('licenses nobody who has no such profession, and nobody unknown', async () => {
    assert.equal((await facts.write('/licences', { user: 'stf107', active: true })).status, 400)
    assert.equal((await facts.write('/licences', { user: 'cdp1004', active: true })).status, 404)
    assert.equal((await facts.write('/licences', { user: 'stf201', active: true })).status, 404)
    assert.equal((await facts.write('/licences', { user: 'stf101', active: 'yes' })).status, 400)
  })
})

describe('what a project is approved for', () => {
  test('is registered and can be ended, and is no fact that an app could lean on', async () => {
    const approval = { patient: 'cdp1004', user: 'stf102', role: 'agb102', template: 'KVAL', approval: 'KV-2026-14' }
    const { status, body } = await facts.write('/decisions', { ...approval, valid_until: inAnHour() })
    assert.equal(status, 201)
    assert.deepEqual((await patient('stf102', 'agb102', 'cdp1004'))?.decisions, [])
    const listed = await facts.read('/decisions?patient=cdp1004')
    assert.equal(JSON.stringify(listed.body).includes('KV-2026-14'), false)
    assert.equal((listed.body['decisions'] as unknown[]).length, 1)
    assert.equal((await facts.write('/decisions/end', { id: body['id'] })).status, 204)
    assert.equal((await facts.write('/decisions/end', { id: body['id'] })).status, 404)
  })

  test('is nothing that a person may only decide for themselves, and never endless', async () => {
    const approval = { patient: 'cdp1004', user: 'stf102', role: 'agb102', approval: 'x', valid_until: inAnHour() }
    for (const template of ['BTG', 'BLAALYS', 'BELEGG', 'EGENLAER']) {
      assert.equal((await facts.write('/decisions', { ...approval, template })).status, 400, template)
    }
    const kval = { ...approval, template: 'KVAL' }
    assert.equal((await facts.write('/decisions', { ...kval, valid_until: '2020-01-01T00:00:00Z' })).status, 400)
    assert.equal((await facts.write('/decisions', { ...kval, valid_until: '2099-01-01T00:00:00Z' })).status, 400)
    assert.equal((await facts.write('/decisions', { ...kval, role: 'agb101' })).status, 404)
  })
})

describe('what a register changes', () => {
  const written = async (): Promise<readonly string[]> => {
    const rows = await facts.world.database.acrossTenants.all<{ record: string }>(
      sql`select record from audit_outbox order by position`,
    )
    return rows.map(({ record }) => record)
  }
  const ENTRY = { patient: 'cdp1005', kind: 'employee', target: 'stf104' }

  test('is written down before it is done: what, about whom, by which register', async () => {
    const before = (await written()).length
    const { body } = await facts.write('/blocks', ENTRY)
    await facts.write('/blocks/lift', { id: body['id'] })
    await facts.write('/adt', { event: 'admit', patient: 'cdp1005', unit: 'lok101', at: new Date().toISOString() })
    const records = (await written()).slice(before).map((record) => {
      const read = parseRecord(JSON.parse(record))
      if (isProblem(read)) throw new Error(read.reason)
      return read
    })
    assert.deepEqual(
      records.map(({ activity, patient }) => [activity, patient]),
      [
        ['block-changed', 'cdp1005'],
        ['block-changed', 'cdp1005'],
        ['responsibility-changed', 'cdp1005'],
      ],
    )
    assert.equal(records[0]?.actor.id, facts.world.deployment.addresses.launcher)
  })

  test('is not written down when it was refused, and not done when it cannot be written down', async () => {
    const before = (await written()).length
    await facts.write('/adt', { event: 'admit', patient: 'cdp1005', at: new Date().toISOString() })
    await facts.write('/blocks', { ...ENTRY, kind: 'weekday' })
    await facts.write('/blocks/lift', { id: 'nothing' })
    assert.equal((await written()).length, before)
    const { acrossTenants } = facts.world.database
    await acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
    try {
      assert.equal((await facts.write('/blocks', ENTRY)).status, 500)
      assert.deepEqual((await patient('stf101', 'agb101', 'cdp1005'))?.blocks, [])
    } finally {
      await acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
    }
  })

  test('stands or falls with its record at every one of their doors', async () => {
    const about = { patient: 'cdp1004', unit: 'lok106', user: 'stf103' }
    const { id: block } = (await facts.write('/blocks', { ...ENTRY, patient: 'cdp1004' })).body
    const { id: contact } = (await facts.write('/responsibilities', { ...about, kind: 'referral' })).body
    const approval = { patient: 'cdp1004', user: 'stf102', role: 'agb102', template: 'KVAL', approval: 'KV-2026-15' }
    const { id: decision } = (await facts.write('/decisions', { ...approval, valid_until: inAnHour() })).body
    const at = new Date().toISOString()
    const doors = [
      ['/adt', { event: 'admit', patient: 'cdp1004', unit: 'lok106', at }],
      ['/adt', { event: 'cancel', patient: 'cdp1004', contact, at }],
      ['/blocks', { ...ENTRY, patient: 'cdp1004', target: 'stf105' }],
      ['/blocks/lift', { id: block }],
      ['/responsibilities', { ...about, kind: 'attending' }],
      ['/responsibilities/end', { id: contact }],
      ['/care-team', { patient: 'cdp1004', user: 'stf103', member: true }],
      ['/decisions', { ...approval, template: 'FORSK', valid_until: inAnHour() }],
      ['/decisions/end', { id: decision }],
      ['/licences', { user: 'stf103', active: false }],
    ] as const
    const { acrossTenants } = facts.world.database
    const kept = () =>
      Promise.all([
        acrossTenants.all(sql`select * from care_contact order by tenant, id`),
        acrossTenants.all(sql`select * from care_block order by tenant, id`),
        acrossTenants.all(sql`select * from care_team_member order by tenant, patient, user_id`),
        acrossTenants.all(sql`select tenant, id, ended_at from care_decision order by tenant, id`),
        acrossTenants.all(sql`select * from licence order by tenant, user_id`),
        acrossTenants.all(sql`select * from fact_head order by tenant`),
      ])
    const before = await kept()
    await acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
    try {
      for (const [path, body] of doors) {
        assert.equal((await facts.write(path, body)).status, 500, path)
        assert.deepEqual(await kept(), before, path)
      }
    } finally {
      await acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
    }
    for (const [path, body] of doors.filter(([door]) => door !== '/responsibilities/end')) {
      const told = (await written()).length
      assert.ok((await facts.write(path, body)).status < 300, path)
      assert.equal((await written()).length, told + 1, path)
    }
    await facts.write('/licences', { user: 'stf103', active: true })
  })
})

describe('looking at one kind of fact', () => {
  test('is of one patient or person, by the one parameter there is', async () => {
    for (const path of ['/contacts', '/blocks', '/decisions', '/care-team']) {
      assert.equal((await facts.read(`${path}?patient=cdp1007`)).status, 200, path)
      assert.equal((await facts.read(path)).status, 400, path)
      assert.equal((await facts.read(`${path}?patient=cdp1007&all=true`)).status, 400, path)
      assert.equal((await facts.read(`${path}?patient=cdp1007&patient=cdp1001`)).status, 400, path)
      assert.equal((await facts.read(`${path}?patient=cdp2001`)).status, 404, path)
    }
    assert.equal((await facts.read('/licences?user=nobody')).status, 404)
  })

  test('nothing of all this reached the log: no reason, no name, no token', () => {
    const log = facts.world.logLines.join('\n')
    assert.equal(/KV-2026-14|Nordmann|Bearer|eyJ/.test(log), false)
  })
})
