import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Position } from '@uthopp/server-kit/change-stream'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import type { ChangeLog } from '#src/facts/changes.ts'
import { createBlockStore } from '#src/facts/storage/sql-blocks.ts'
import { createCareTeamStore } from '#src/facts/storage/sql-care-team.ts'
import { sql } from '@uthopp/storage/sql'
import { createChangeLog } from '#src/facts/storage/sql-changes.ts'
import { createContactStore } from '#src/facts/storage/sql-contacts.ts'
import { createDecisionStore } from '#src/facts/storage/sql-decisions.ts'
import { noticeDue } from '#src/facts/storage/sql-due.ts'
import { createLicenceStore, isValid } from '#src/facts/storage/sql-licences.ts'
import { FACT_MIGRATIONS } from '#src/facts/storage/migrations.ts'
import { aContact, aDecision, days, minutes, NOW, OTHER, TENANT } from '../builders.ts'

const changedSince = async (log: ChangeLog, from: Position) => (await log.readAfter(from)).entries.map(({ id }) => id)
const nothing = () => Promise.resolve()
const concern = { units: ['lok1'], templates: [], patients: [], since: days(-1) }

onEachEngine(FACT_MIGRATIONS, ({ engine, open }) => {
  test(`on ${engine} everything that changes a fact is in the log of changes, once for each time, and moves the epoch`, async () => {
    const db = await open()
    const log = createChangeLog(db, TENANT)
    const [contacts, team, blocks] = [
      createContactStore(db, TENANT),
      createCareTeamStore(db, TENANT),
      createBlockStore(db, TENANT),
    ]
    const [decisions, licences] = [createDecisionStore(db, TENANT), createLicenceStore(db, TENANT)]
    const ending = { patient: 'cdp1', kinds: ['inpatient'], id: null, unit: null, encounter: null, at: NOW } as const
    const steps: readonly (() => Promise<unknown>)[] = [
      () => contacts.add([aContact()], NOW),
      () => contacts.replace(ending, [aContact({ id: 'ktk2', unit: 'lok2', startsAt: NOW })], NOW),
      () => contacts.cancel(['ktk2'], NOW),
      () => team.join('cdp1', 'stf1'),
      () => team.leave('cdp1', 'stf1'),
      () => blocks.add([{ id: 'b1', patient: 'cdp1', kind: 'record', target: '' }], NOW),
      () => blocks.lift(['b1'], NOW),
      () => decisions.take(aDecision(), NOW),
      () => decisions.renew('decision-1', { at: NOW, reason: 'fortsatt bevisstløs', until: minutes(90) }),
      () => decisions.end('decision-1', minutes(1)),
    ]
    for (const [index, step] of steps.entries()) {
      const [from, before] = [await log.head(), await log.epochsOf(['cdp1'])]
      await step()
      assert.deepEqual(await changedSince(log, from), ['cdp1'], `step ${index}`)
      assert.notDeepEqual(await log.epochsOf(['cdp1']), before, `step ${index}`)
    }
    const from = await log.head()
    await licences.set('stf1', { active: false, validUntil: null }, NOW)
    assert.deepEqual(await changedSince(log, from), ['stf1'])
  })

  test(`on ${engine} what changes nothing moves nothing`, async () => {
    const db = await open()
    const [contacts, team, blocks] = [
      createContactStore(db, TENANT),
      createCareTeamStore(db, TENANT),
      createBlockStore(db, TENANT),
    ]
    await team.join('cdp1', 'stf1')
    const log = createChangeLog(db, TENANT)
    const from = await log.head()
    await team.join('cdp1', 'stf1')
    await team.leave('cdp1', 'stf2')
    assert.equal(await contacts.cancel(['nobody'], NOW), 0)
    assert.equal(await blocks.lift(['nobody'], NOW), 0)
    assert.equal(await createDecisionStore(db, TENANT).end('nobody', NOW), undefined)
    assert.deepEqual(await changedSince(log, from), [])
  })

  test(`on ${engine} an id that is taken leaves everything as it was`, async () => {
    const db = await open()
    const contacts = createContactStore(db, TENANT)
    assert.equal(await contacts.add([aContact()], NOW), true)
    const log = createChangeLog(db, TENANT)
    const from = await log.head()
    assert.equal(
      await contacts.add([aContact({ id: 'ktk9', patient: 'cdp9' }), aContact({ unit: 'lok2' })], NOW),
      false,
    )
    assert.deepEqual(await changedSince(log, from), [])
    assert.deepEqual(
      (await contacts.ofPatients(['cdp1', 'cdp9'])).map(({ unit }) => unit),
      ['lok1'],
    )
  })

  test(`on ${engine} the facts of a trust are its own`, async () => {
    const db = await open()
    await createContactStore(db, TENANT).add([aContact()], NOW)
    await createBlockStore(db, TENANT).add([{ id: 'b1', patient: 'cdp1', kind: 'record', target: '' }], NOW)
    await createCareTeamStore(db, TENANT).join('cdp1', 'stf1')
    await createDecisionStore(db, TENANT).take(aDecision(), NOW)
    await createLicenceStore(db, TENANT).set('stf1', { active: true, validUntil: null }, NOW)
    const decisions = createDecisionStore(db, OTHER)
    assert.deepEqual(await createContactStore(db, OTHER).ofPatients(['cdp1']), [])
    assert.deepEqual(await createContactStore(db, OTHER).ofUnits(['lok1']), [])
    assert.equal(await createContactStore(db, OTHER).cancel(['ktk1'], NOW), 0)
    assert.deepEqual(await createBlockStore(db, OTHER).ofPatients(['cdp1']), [])
    assert.equal(await createBlockStore(db, OTHER).lift(['b1'], NOW), 0)
    assert.equal((await createCareTeamStore(db, OTHER).patientsOf('stf1', ['cdp1'])).size, 0)
    assert.deepEqual(await decisions.liveOf({ user: 'stf1', role: 'agb1' }, ['cdp1'], NOW), [])
    assert.equal(await decisions.end('decision-1', NOW), undefined)
    assert.deepEqual(await decisions.selfAuthorized(concern), [])
    assert.deepEqual(await decisions.settle(days(1), nothing), [])
    assert.equal(await createLicenceStore(db, OTHER).find('stf1'), undefined)
    assert.deepEqual(await noticeDue(db, OTHER, days(1)), [])
    assert.deepEqual((await createChangeLog(db, OTHER).readAfter({ epoch: 'x', sequence: 0 })).entries, [])
  })

  test(`on ${engine} a decision is live from its first moment to just before its last, for its holder in its role`, async () => {
    const decisions = createDecisionStore(await open(), TENANT)
    await decisions.take(aDecision(), NOW)
    const holder = { user: 'stf1', role: 'agb1' }
    const live = async (who: typeof holder, at: Date) => (await decisions.liveOf(who, ['cdp1', 'cdp2'], at)).length
    assert.deepEqual(
      [await live(holder, NOW), await live(holder, minutes(59.9)), await live(holder, minutes(60))],
      [1, 1, 0],
    )
    assert.equal(await live(holder, minutes(-1)), 0)
    assert.equal(await live({ ...holder, role: 'agb2' }, NOW), 0)
    assert.equal(await live({ ...holder, user: 'stf2' }, NOW), 0)
    assert.deepEqual(
      (await decisions.heldBy(holder, minutes(30))).map(({ patient }) => patient),
      ['cdp1'],
    )
    assert.deepEqual(await decisions.heldBy(holder, minutes(61)), [])
  })

  test(`on ${engine} a decision is prolonged once, and not when it is over`, async () => {
    const decisions = createDecisionStore(await open(), TENANT)
    await decisions.take(aDecision(), NOW)
    const renewal = { at: minutes(50), reason: 'fortsatt ustabil', until: minutes(110) }
    assert.deepEqual((await decisions.renew('decision-1', renewal))?.validUntil, minutes(110))
    assert.equal(await decisions.renew('decision-1', { ...renewal, at: minutes(60), until: minutes(120) }), undefined)
    await decisions.take(aDecision({ id: 'decision-2', patient: 'cdp2' }), NOW)
    assert.equal(await decisions.renew('decision-2', { ...renewal, at: minutes(60) }), undefined)
    assert.deepEqual((await decisions.find('decision-1'))?.renewal, { at: minutes(50), reason: 'fortsatt ustabil' })
  })

  test(`on ${engine} a decision that is over is handed out once, with what follows from it or not at all`, async () => {
    const decisions = createDecisionStore(await open(), TENANT)
    await decisions.take(aDecision(), NOW)
    await decisions.take(aDecision({ id: 'decision-2', patient: 'cdp2' }), NOW)
    await decisions.end('decision-2', minutes(1))
    const trouble = () => Promise.reject(new Error('no'))
    await assert.rejects(decisions.settle(minutes(61), trouble))
    const over = (await decisions.settle(minutes(5), nothing)).map(({ id }) => id)
    assert.deepEqual(over, ['decision-2'])
    assert.deepEqual(
      (await decisions.settle(minutes(60), nothing)).map(({ id }) => id),
      ['decision-1'],
    )
    assert.deepEqual(await decisions.settle(days(1), nothing), [])
  })

  test(`on ${engine} a review is written once, and for the unit’s own self-authorised access alone`, async () => {
    const decisions = createDecisionStore(await open(), TENANT)
    await decisions.take(aDecision(), NOW)
    await decisions.take(aDecision({ id: 'given', patient: 'cdp2', template: 'KVAL', selfSelected: false }), NOW)
    const entry = { at: minutes(90), by: 'stf9', outcome: 'accepted', note: 'i orden' } as const
    assert.deepEqual(
      (await decisions.selfAuthorized(concern)).map(({ id }) => id),
      ['decision-1'],
    )
    assert.equal(await decisions.review('decision-1', 'lok2', entry), false)
    assert.equal(await decisions.review('given', 'lok1', entry), false)
    assert.equal(await decisions.review('decision-1', 'lok1', entry), true)
    assert.equal(await decisions.review('decision-1', 'lok1', { ...entry, note: 'en gang til' }), false)
    assert.deepEqual((await decisions.find('decision-1'))?.review, entry)
  })

  test(`on ${engine} what time changes is written down when it has come, and not again`, async () => {
    const db = await open()
    const log = createChangeLog(db, TENANT)
    await createDecisionStore(db, TENANT).take(aDecision(), NOW)
    await createLicenceStore(db, TENANT).set('stf1', { active: true, validUntil: minutes(30) }, NOW)
    await createContactStore(db, TENANT).add(
      [aContact({ id: 'ktk7', patient: 'cdp7', kind: 'announced', startsAt: NOW })],
      NOW,
    )
    const from = await log.head()
    assert.deepEqual(await noticeDue(db, TENANT, minutes(29)), [])
    assert.deepEqual(
      (await noticeDue(db, TENANT, minutes(30))).map(({ id }) => id),
      ['stf1'],
    )
    assert.deepEqual(
      (await noticeDue(db, TENANT, minutes(60))).map(({ id }) => id),
      ['cdp1'],
    )
    assert.deepEqual(
      (await noticeDue(db, TENANT, days(1))).map(({ id }) => id),
      ['cdp7'],
    )
    assert.deepEqual(await noticeDue(db, TENANT, days(20)), [])
    assert.deepEqual(await changedSince(log, from), ['stf1', 'cdp1', 'cdp7'])
  })

  test(`on ${engine} what became due during a long stop is noticed whole, however much it is`, async () => {
    const [db, many] = [await open(), 20_000]
    for (let from = 0; from < many; from += 1000) {
      const rows = Array.from(
        { length: 1000 },
        (_, index) => sql`(${TENANT}, ${'patient'}, ${`cdp${from + index}`}, ${NOW.getTime()})`,
      )
      await db.run(sql`insert into fact_due (tenant, kind, id, due_at) values ${sql.join(rows, ', ')}`)
    }
    assert.equal((await noticeDue(db, TENANT, minutes(1))).length, many)
    assert.deepEqual(await noticeDue(db, TENANT, minutes(2)), [])
    assert.equal((await createChangeLog(db, TENANT).head()).sequence, many)
  })

  test(`on ${engine} whoever must review hears of what waits however old it is and however much came after it`, async () => {
    const decisions = createDecisionStore(await open(), TENANT)
    const old = { validFrom: days(-400), validUntil: days(-399) }
    await decisions.take(aDecision({ id: 'forgotten', ...old }), days(-400))
    await decisions.take(aDecision({ id: 'seen', user: 'stf2', ...old }), days(-400))
    await decisions.take(
      aDecision({ id: 'elsewhere', user: 'stf2', unit: 'lok2', patient: 'cdp2', ...old }),
      days(-400),
    )
    const review = { at: NOW, by: 'stf9', outcome: 'accepted', note: 'Avtalt' } as const
    assert.equal(await decisions.review('seen', 'lok1', review), true)
    for (let at = 0; at < 205; at += 1)
      await decisions.take(aDecision({ id: `d${at}`, patient: `p${at}`, template: 'TILSYN' }), NOW)
    const listed = (await decisions.selfAuthorized(concern)).map(({ id }) => id)
    assert.equal(listed.at(-1), 'forgotten')
    assert.equal(listed.includes('seen') || listed.includes('elsewhere'), false)
    assert.equal(new Set(listed).size, listed.length)
    assert.ok(listed.length > 200 && listed.length < 206)
    const theirs = { ...concern, units: [], templates: ['BLAALYS'], patients: ['cdp2'] }
    assert.deepEqual(
      (await decisions.selfAuthorized(theirs)).map(({ id }) => id),
      ['elsewhere'],
    )
    assert.deepEqual(await decisions.selfAuthorized({ ...theirs, patients: [] }), [])
  })

  test(`on ${engine} a decision stands or falls with what is written down with it`, async () => {
    const decisions = createDecisionStore(await open(), TENANT)
    const trouble = () => Promise.reject(new Error('nothing can be written down'))
    await assert.rejects(decisions.take(aDecision(), NOW, trouble))
    assert.equal(await decisions.find('decision-1'), undefined)
    await decisions.take(aDecision(), NOW)
    await assert.rejects(decisions.renew('decision-1', { at: NOW, reason: 'ord', until: minutes(90) }, trouble))
    await assert.rejects(decisions.end('decision-1', minutes(1), trouble))
    const review = { at: NOW, by: 'stf9', outcome: 'accepted', note: 'Avtalt' } as const
    await assert.rejects(decisions.review('decision-1', 'lok1', review, trouble))
    const kept = await decisions.find('decision-1')
    assert.deepEqual([kept?.renewal, kept?.endedAt, kept?.review], [null, null, null])
  })

  test(`on ${engine} a licence is valid while it is active and its end lies ahead; nobody unknown is licensed`, async () => {
    const licences = createLicenceStore(await open(), TENANT)
    assert.equal(isValid(await licences.find('stf1'), NOW), false)
    await licences.suggest('stf1', { active: true, validUntil: null })
    assert.equal(isValid(await licences.find('stf1'), NOW), true)
    await licences.set('stf1', { active: true, validUntil: NOW }, NOW)
    assert.equal(isValid(await licences.find('stf1'), NOW), false)
    assert.equal(isValid(await licences.find('stf1'), minutes(-1)), true)
    await licences.set('stf1', { active: false, validUntil: null }, NOW)
    await licences.suggest('stf1', { active: true, validUntil: null })
    assert.equal(isValid(await licences.find('stf1'), NOW), false)
  })

  test(`on ${engine} a block of a kind this program does not know closes the whole record`, async () => {
    const db = await open()
    const blocks = createBlockStore(db, TENANT)
    const strange = { id: 'b1', patient: 'cdp1', kind: 'constellation' as 'record', target: 'x' } // written by a newer program
    await blocks.add([strange], NOW)
    assert.deepEqual(await blocks.ofPatients(['cdp1']), [{ id: 'b1', patient: 'cdp1', kind: 'record', target: '' }])
  })

  test(`on ${engine} a position of another log is not resumed, and an epoch differs between databases`, async () => {
    const [one, other] = [createChangeLog(await open(), TENANT), createChangeLog(await open(), TENANT)]
    const head = await one.head()
    assert.deepEqual(await one.resume(head), head)
    assert.equal(await other.resume(head), undefined)
    assert.equal(await one.resume({ ...head, sequence: head.sequence + 1 }), undefined)
    assert.notDeepEqual(await one.epochsOf(['cdp1']), await other.epochsOf(['cdp1']))
  })
})
