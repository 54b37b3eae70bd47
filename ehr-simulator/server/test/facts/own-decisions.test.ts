import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { RoleFacts } from '@uthopp/policy/facts'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { approve } from '#src/facts/approvals.ts'
import { breakGlass } from '#src/facts/break-glass.ts'
import { type CareRooms, readCase } from '#src/facts/care-facts.ts'
import { careListOf } from '#src/facts/care-list.ts'
import { liftBlock, type OwnBlock, setBlock } from '#src/facts/citizen-blocks.ts'
import { readControlList, review } from '#src/facts/control-list.ts'
import { mustReview } from '#src/facts/must-review.ts'
import { openFacts } from '#src/facts/open-facts.ts'
import { giveUp, renew, selfAuthorize, templatesFor } from '#src/facts/self-authorize.ts'
import { FACT_MIGRATIONS } from '#src/facts/storage/migrations.ts'
import { aContact, aDecision, aRole, days, minutes, NOW, TENANT } from './builders.ts'

const REASON = 'Bevisstløs etter fall, trenger medisinliste'
const acute = aRole('physician', { acute: true })
const taker = { user: 'stf1', role: acute }
const opened: { close: () => Promise<void> }[] = []
after(() => Promise.all(opened.map((db) => db.close())))

/** One trust with one person, patients cdp1 (elsewhere), cdp2 (own unit) and cdp3 (was here), and a clock. */
async function world() {
  const db = await openDatabase({ name: 'host', storage: 'memory', data: undefined, databaseUrl: undefined })
  opened.push(db)
  await migrate(db, FACT_MIGRATIONS)
  const clock = { now: NOW }
  const rooms: CareRooms = openFacts({
    database: db,
    tenant: TENANT,
    findPerson: (id) => (id.startsWith('stf') ? { id, kind: 'staff', profession: 'LE', roles: [acute] } : undefined),
    isUnit: () => true,
    hasPatient: (id) => Promise.resolve(/^cdp[123]$/.test(id)),
    now: () => clock.now,
  })
  await rooms.contacts.add(
    [
      aContact({ id: 'elsewhere', patient: 'cdp1', unit: 'lok2' }),
      aContact({ id: 'own', patient: 'cdp2' }),
      aContact({ id: 'gone', patient: 'cdp3', startsAt: days(-90), endsAt: days(-60) }),
    ],
    NOW,
  )
  const take = (template: string, changes: Partial<Parameters<typeof selfAuthorize>[1]> = {}) =>
    selfAuthorize(rooms, { ...taker, id: `own-${template}`, patient: 'cdp1', template, reason: REASON, ...changes })
  const factsOf = async (patient: string) =>
    (await readCase(rooms, { user: 'stf1', role: 'agb1', patients: [patient] }))?.patients.get(patient)
  return { rooms, clock, take, factsOf }
}
const codeOf = (outcome: { kind: string } & { code?: string }) => outcome.code ?? outcome.kind

describe('taking a decision of one’s own', () => {
  test('opens the record for as long as the table says, and is a fact from the same moment', async () => {
    const { rooms, clock, take, factsOf } = await world()
    const taken = await take('BLAALYS')
    assert.equal(taken.kind, 'taken')
    const [decision] = (await factsOf('cdp1'))?.decisions ?? []
    assert.deepEqual(
      [decision?.template, decision?.purpose, decision?.selfSelected, decision?.validUntil],
      ['BLAALYS', 'ETREAT', true, minutes(60)],
    )
    assert.equal(JSON.stringify(await factsOf('cdp1')).includes('Bevisstløs'), false)
    assert.equal((await rooms.decisions.find('own-BLAALYS'))?.reason, REASON)
    clock.now = minutes(60)
    assert.deepEqual((await factsOf('cdp1'))?.decisions, [])
  })

  test('is for roles that may, for patients there are, with a reason, and once at a time', async () => {
    const { take } = await world()
    const nurse = { role: aRole('nurse') }
    assert.equal(codeOf(await take('BLAALYS', nurse)), 'template_not_available')
    assert.equal(codeOf(await take('TILSYN', nurse)), 'template_not_available')
    assert.equal(codeOf(await take('DELBEHAN', { role: aRole('kitchen') })), 'template_not_available')
    assert.equal(codeOf(await take('DELBEHAN', { role: aRole('secretary') })), 'template_not_available')
    assert.equal(codeOf(await take('BTG')), 'template_not_available')
    assert.equal(codeOf(await take('BELEGG')), 'template_not_available')
    assert.equal(codeOf(await take('KVAL')), 'template_not_available')
    assert.equal(codeOf(await take('TILSYN', { patient: 'cdp9' })), 'patient_not_known')
    for (const reason of [null, '', 'kort', 'aaaaaaaaaaaa'])
      assert.equal(codeOf(await take('TILSYN', { reason })), 'reason_required')
    assert.equal(codeOf(await take('TILSYN')), 'taken')
    assert.equal(codeOf(await take('TILSYN', { id: 'again' })), 'decision_live_already')
    assert.equal(codeOf(await take('DELBEHAN')), 'taken')
  })

  test('an emergency is for when nothing else fits, and looking back for those who were there', async () => {
    const { rooms, take } = await world()
    assert.equal(codeOf(await take('BLAALYS', { patient: 'cdp2' })), 'template_not_available')
    const offered = async (patient: string) => (await templatesFor(rooms, taker, patient)).map(({ id }) => id)
    assert.deepEqual(await offered('cdp1'), [
      'TILSYN',
      'DELBEHAN',
      'HENV_PAS',
      'HENV_PAA',
      'HENV_BEH',
      'MELDT',
      'BLAALYS',
    ])
    assert.ok((await offered('cdp3')).includes('EGENLAER'))
    assert.equal((await offered('cdp2')).includes('BLAALYS'), false)
    assert.deepEqual(await templatesFor(rooms, { user: 'stf1', role: aRole('kitchen') }, 'cdp1'), [])
  })

  test('looking back is a fact of a purpose that opens no app, and nobody is shown as in anybody’s care by it', async () => {
    const { rooms, take, factsOf } = await world()
    assert.equal(codeOf(await take('EGENLAER', { patient: 'cdp3' })), 'taken')
    const decisions = (await factsOf('cdp3'))?.decisions ?? []
    assert.deepEqual(
      decisions.map(({ template, purpose, validUntil }) => [template, purpose, validUntil]),
      [['EGENLAER', 'TRAIN', minutes(30)]],
    )
    assert.equal((await careListOf({ ...rooms, findPerson: rooms.findPerson }, 'stf1', undefined)).has('cdp3'), false)
    assert.equal(codeOf(await take('EGENLAER', { patient: 'cdp3', id: 'again' })), 'decision_live_already')
  })

  test('looking back is for those who were there, with a reason, and not for those who treat the patient now', async () => {
    const { rooms, take } = await world()
    assert.equal(codeOf(await take('EGENLAER', { patient: 'cdp3', reason: 'kort' })), 'reason_required')
    assert.equal(codeOf(await take('EGENLAER', { patient: 'cdp1' })), 'template_not_available')
    const kitchen = aRole('kitchen', { units: ['lok1'] })
    for (const role of [kitchen, aRole('secretary')])
      assert.equal(codeOf(await take('EGENLAER', { patient: 'cdp3', role })), 'template_not_available', role.kind)
    await rooms.contacts.add([aContact({ id: 'back', patient: 'cdp3' })], NOW)
    assert.equal(codeOf(await take('EGENLAER', { patient: 'cdp3' })), 'template_not_available')
  })

  test('project work is no fact at all', async () => {
    const { rooms, factsOf } = await world()
    const approval = {
      user: 'stf1',
      role: acute,
      template: 'KVAL',
      approval: 'KV-2026-14',
      validUntil: days(7),
    } as const
    await approve(rooms, { ...approval, patient: 'cdp1' })
    assert.deepEqual((await factsOf('cdp1'))?.decisions, [])
  })

  test('an enquiry a secretary answers has administrative grounds', async () => {
    const { take } = await world()
    const taken = await take('HENV_PAS', { role: aRole('secretary') })
    assert.equal(taken.kind === 'taken' && taken.decision.purpose, 'COC')
    const elements = taken.kind === 'taken' ? taken.decision.elements : []
    assert.ok(elements.includes('Appointment'))
    for (const clinical of ['DocumentReference', 'Binary', 'Observation'])
      assert.equal(elements.includes(clinical), false)
    const nurse = await take('HENV_PAA', { role: aRole('nurse') })
    assert.ok(nurse.kind === 'taken' && nurse.decision.elements.includes('DocumentReference'))
  })
})

describe('prolonging and giving back', () => {
  test('blue light is prolonged once, by an hour from then, with a reason of its own; nothing else is', async () => {
    const { rooms, clock, take } = await world()
    await take('BLAALYS')
    await take('TILSYN')
    const prolong = (decision: string, changes: object = {}) =>
      renew(rooms, { ...taker, decision, reason: 'Fortsatt ustabil, venter på intensiv', ...changes })
    clock.now = minutes(40)
    assert.equal(codeOf(await prolong('own-TILSYN')), 'decision_not_renewable')
    assert.equal(codeOf(await prolong('own-BLAALYS', { user: 'stf2' })), 'decision_not_available')
    assert.equal(
      codeOf(await prolong('own-BLAALYS', { role: aRole('physician', { id: 'agb2', acute: true }) })),
      'decision_not_available',
    )
    assert.equal(codeOf(await prolong('own-BLAALYS', { reason: 'kort' })), 'reason_required')
    const renewed = await prolong('own-BLAALYS')
    assert.deepEqual(renewed.kind === 'taken' && renewed.decision.validUntil, minutes(100))
    assert.equal(codeOf(await prolong('own-BLAALYS')), 'decision_not_renewable')
    clock.now = minutes(101)
    assert.equal(codeOf(await prolong('own-BLAALYS')), 'decision_not_available')
  })

  const ender =
    (rooms: Awaited<ReturnType<typeof world>>['rooms']) =>
    (decision: string, role: RoleFacts = acute) =>
      giveUp(rooms, { user: 'stf1', role, decision })

  test('blue light given back and taken again at once is its renewal, and there is one', async () => {
    const { rooms, clock, take } = await world()
    const end = ender(rooms)
    await take('BLAALYS', { id: 'first' })
    clock.now = minutes(5)
    await end('first')
    const again = await take('BLAALYS', { id: 'second', reason: 'Fortsatt ustabil, venter på intensiv' })
    assert.ok(again.kind === 'taken')
    const kept = await rooms.decisions.find('second')
    assert.deepEqual(kept, again.decision)
    assert.deepEqual([kept?.reason, kept?.renewal?.reason], [REASON, 'Fortsatt ustabil, venter på intensiv'])
    assert.deepEqual(kept?.validUntil, minutes(65))
    const prolonged = await renew(rooms, { ...taker, decision: 'second', reason: REASON })
    assert.equal(codeOf(prolonged), 'decision_not_renewable')
    clock.now = minutes(6)
    await end('second')
    for (const at of [6, 30, 65]) {
      clock.now = minutes(at)
      assert.equal(codeOf(await take('BLAALYS', { id: `third-${at}` })), 'decision_not_renewable')
    }
    clock.now = minutes(66)
    assert.equal(codeOf(await take('BLAALYS', { id: 'another' })), 'taken')
  })

  test('neither another role nor letting it run out makes a new blue light of it', async () => {
    const { rooms, clock, take } = await world()
    const other = aRole('physician', { id: 'agb2', acute: true })
    await take('BLAALYS', { id: 'first' })
    assert.equal(codeOf(await take('BLAALYS', { id: 'second', role: other })), 'taken')
    const prolonged = await renew(rooms, { ...taker, decision: 'first', reason: REASON })
    assert.equal(codeOf(prolonged), 'decision_not_renewable')
    for (const at of [61, 100, 119]) {
      clock.now = minutes(at)
      assert.equal(codeOf(await take('BLAALYS', { id: `third-${at}` })), 'decision_not_renewable')
    }
    const parallel = ['a', 'b', 'c'].map((id) => take('BLAALYS', { id, patient: 'cdp3' }))
    assert.deepEqual(
      (await Promise.all(parallel)).map((one) => codeOf(one)).filter((code) => code === 'taken'),
      ['taken'],
    )
  })

  test('an hour without it, another patient or another person is another emergency; other grounds are not bounded', async () => {
    const { rooms, clock, take } = await world()
    const end = ender(rooms)
    await take('BLAALYS', { id: 'first' })
    await renew(rooms, { ...taker, decision: 'first', reason: 'Fortsatt ustabil, venter på intensiv' })
    clock.now = minutes(10)
    await end('first')
    assert.equal(codeOf(await take('BLAALYS', { id: 'elsewhere', patient: 'cdp3' })), 'taken')
    assert.equal(codeOf(await take('BLAALYS', { id: 'colleague', user: 'stf2' })), 'taken')
    for (const id of ['one', 'two', 'three']) {
      assert.equal(codeOf(await take('DELBEHAN', { id })), 'taken', 'care goes on, on the ground that is for it')
      await end(id)
    }
    clock.now = minutes(70)
    const later = await take('BLAALYS', { id: 'later' })
    assert.deepEqual(later.kind === 'taken' && later.decision.renewal, null)
  })

  test('what is given back is over at once, and only its holder gives it back', async () => {
    const { rooms, take, factsOf } = await world()
    await take('TILSYN')
    assert.equal(
      codeOf(await giveUp(rooms, { user: 'stf2', role: acute, decision: 'own-TILSYN' })),
      'decision_not_available',
    )
    assert.equal(codeOf(await giveUp(rooms, { ...taker, decision: 'own-TILSYN' })), 'ended')
    assert.deepEqual((await factsOf('cdp1'))?.decisions, [])
    assert.equal(codeOf(await giveUp(rooms, { ...taker, decision: 'own-TILSYN' })), 'decision_not_available')
  })
})

describe('opening what is blocked', () => {
  const ITEM = 'DocumentReference/dok1'
  async function blocked() {
    const made = await world()
    const open = (changes: Partial<Parameters<typeof breakGlass>[1]> = {}) =>
      breakGlass(made.rooms, {
        ...taker,
        id: 'glass',
        along: [],
        blocked: new Set([ITEM]),
        patient: 'cdp2',
        items: [ITEM],
        reason: REASON,
        confirmed: true,
        acr: 4,
        ...changes,
      })
    return { ...made, open }
  }

  test('is for a quarter of an hour, for the items named and no other', async () => {
    const { clock, open, factsOf } = await blocked()
    assert.equal(codeOf(await open()), 'taken')
    const glass = (await factsOf('cdp2'))?.decisions.find(({ template }) => template === 'BTG')
    assert.deepEqual([glass?.purpose, glass?.items, glass?.validUntil], ['BTG', [ITEM], minutes(15)])
    clock.now = minutes(15)
    assert.equal(
      (await factsOf('cdp2'))?.decisions.some(({ template }) => template === 'BTG'),
      false,
    )
  })

  test('needs everything it needs, each for itself', async () => {
    const { open } = await blocked()
    const refusals: readonly (readonly [Partial<Parameters<typeof breakGlass>[1]>, string])[] = [
      [{ role: aRole('nurse', { acute: true }) }, 'glass_not_available'],
      [{ role: aRole('leader') }, 'glass_not_available'],
      [{ patient: 'cdp1' }, 'glass_not_available'],
      [{ acr: 3 }, 'acr_too_low'],
      [{ confirmed: false }, 'confirmation_required'],
      [{ reason: null }, 'reason_required'],
      [{ reason: 'aaaaaaaaaaaaa' }, 'reason_required'],
      [{ items: [] }, 'items_required'],
      [{ items: ['DocumentReference/dok2'] }, 'item_not_blocked'],
      [{ items: [ITEM, 'DocumentReference/dok2'] }, 'item_not_blocked'],
      [{ items: ['*'] }, 'item_not_blocked'],
      [{ items: Array.from({ length: 51 }, (_, at) => `DocumentReference/dok${at}`) }, 'items_required'],
    ]
    for (const [changes, code] of refusals) assert.equal(codeOf(await open(changes)), code, code)
  })
})

describe('the control list', () => {
  test('has what the unit’s staff gave themselves; nobody reviews their own, or without a word', async () => {
    const { rooms, take } = await world()
    await take('BLAALYS')
    await rooms.decisions.take(aDecision({ id: 'other', user: 'stf2', unit: 'lok2', patient: 'cdp3' }), NOW)
    const listed = await readControlList(rooms, { units: ['lok1'], patients: [], since: days(-1) })
    assert.deepEqual(
      listed.map(({ id, reason }) => [id, reason]),
      [['own-BLAALYS', REASON]],
    )
    const look = (changes: object = {}) =>
      review(
        rooms,
        { id: 'own-BLAALYS', by: 'stf9', units: ['lok1'], outcome: 'accepted', note: 'Avtalt', ...changes },
        () => Promise.resolve(),
      )
    assert.equal(codeOf(await look({ by: 'stf1' })), 'own_access')
    assert.equal(codeOf(await look({ note: '  ' })), 'note_required')
    assert.equal(codeOf(await look({ id: 'other' })), 'review_not_available')
    assert.equal(codeOf(await look()), 'reviewed')
    assert.equal(codeOf(await look()), 'review_not_available')
  })

  test('demands a look at every emergency and at some of the rest, the same ones for whoever looks', () => {
    assert.ok(mustReview(aDecision()) && mustReview(aDecision({ template: 'BTG' })))
    const rest = Array.from({ length: 500 }, (_, at) => aDecision({ id: `d${at}`, template: 'TILSYN' }))
    const sampled = rest.filter(mustReview).length
    assert.ok(sampled > 60 && sampled < 140, String(sampled))
  })
})

describe('a patient’s own blocks', () => {
  async function own() {
    const { rooms } = await world()
    let told = 0
    const tell = () => {
      told += 1
      return Promise.resolve()
    }
    const set = (changes: Partial<OwnBlock> & { readonly id?: string; readonly target?: string } = {}) => {
      const { id = 'b1', target = 'stf1', ...rest } = changes
      return setBlock(rooms, { patient: 'cdp1', kind: 'employee', parts: [{ id, target }], ...rest }, tell)
    }
    const lift = (patient: string, ...ids: readonly string[]) => liftBlock(rooms, { patient, ids }, tell)
    return { rooms, set, lift, told: () => told }
  }

  test('are set once each and lifted by the same patient alone, and told of when they are', async () => {
    const { set, lift, told } = await own()
    assert.equal(codeOf(await set()), 'set')
    assert.equal(codeOf(await set({ id: 'b2' })), 'blocked_already')
    assert.equal(codeOf(await set({ id: 'b3', kind: 'document', target: 'nothing' })), 'block_not_possible')
    assert.equal(codeOf(await set({ id: 'b4', patient: 'cdp9' })), 'patient_not_known')
    assert.equal(codeOf(await set({ id: 'b1', target: 'stf2' })), 'block_not_possible')
    assert.equal(codeOf(await lift('cdp2', 'b1')), 'block_not_known')
    assert.equal(told(), 1)
    assert.equal(codeOf(await lift('cdp1', 'b1')), 'lifted')
    assert.equal(codeOf(await lift('cdp1', 'b1')), 'block_not_known')
    assert.equal(told(), 2)
  })

  test('close a document and its bytes together or not at all, and never more than there may be', async () => {
    const { rooms, set, lift, told } = await own()
    const whole = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ id: `d${at}`, target: `DocumentReference/dok${at}` }))
    assert.equal(codeOf(await set({ kind: 'document', parts: whole(101) })), 'block_not_possible')
    const twice = [
      { id: 'd1', target: 'DocumentReference/a' },
      { id: 'd1', target: 'Binary/a' },
    ]
    assert.equal(codeOf(await set({ kind: 'document', parts: twice })), 'block_not_possible')
    assert.deepEqual([await rooms.blocks.ofPatients(['cdp1']), told()], [[], 0])
    assert.equal(codeOf(await set({ kind: 'document', parts: whole(2) })), 'set')
    assert.equal(codeOf(await lift('cdp1', 'd0', 'd1')), 'lifted')
    assert.deepEqual([await rooms.blocks.ofPatients(['cdp1']), told()], [[], 2])
  })
})
