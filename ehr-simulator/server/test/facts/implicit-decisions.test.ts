import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RoleKind } from '@uthopp/policy/facts'
import type { Contact, ContactKind } from '#src/facts/contacts.ts'
import { implicitDecisions } from '#src/facts/implicit-decisions.ts'
import { isInCare, turningPoints } from '#src/facts/windows.ts'
import { aContact, aRole, days, minutes, NOW } from './builders.ts'

const decide = (contact: Contact, kind: RoleKind = 'physician', at = NOW, user = 'stf1') =>
  implicitDecisions([contact], { user, role: aRole(kind) }, at)
const one = (contact: Contact, kind?: RoleKind, at?: Date) => decide(contact, kind, at)[0]

/** Kind, template, first moment, first moment no longer; each for a contact that begins now and ends after two days. */
const TABLE: readonly (readonly [ContactKind, string, Date, Date])[] = [
  ['inpatient', 'BELEGG', NOW, days(16)],
  ['visit', 'POLBESOK', days(-7), days(16)],
  ['planned', 'PLANOPP', days(-7), days(16)],
  ['announced', 'MELDT', NOW, days(1)],
  ['task', 'ARBFLYT', NOW, days(3)],
  ['operation', 'OPRPLAN', days(-3), days(5)],
  ['attending', 'BEHANDLER', NOW, days(2)],
  ['coordinating', 'PASANSV', NOW, days(2)],
  ['primary', 'PRIMKONT', NOW, days(2)],
]
const PERSONAL = ['attending', 'coordinating', 'primary', 'referral']
const madeFor = (kind: ContactKind): Contact =>
  aContact({ kind, startsAt: NOW, endsAt: days(2), user: PERSONAL.includes(kind) ? 'stf1' : null })

describe('what follows from work as it is organised', () => {
  test('each contact gives the decision of its kind from its first moment to just before its last', () => {
    for (const [kind, template, from, until] of TABLE) {
      const contact = madeFor(kind)
      assert.equal(one(contact, 'physician', from)?.template, template, kind)
      assert.deepEqual(one(contact, 'physician', from)?.validUntil, until, kind)
      assert.equal(one(contact, 'physician', new Date(from.getTime() - 1)), undefined, `${kind} before`)
      assert.ok(one(contact, 'physician', new Date(until.getTime() - 1)), `${kind} at its last moment`)
      assert.equal(one(contact, 'physician', until), undefined, `${kind} after`)
    }
  })

  test('what lasts has no end, and what was announced ends after a day whether anybody came or not', () => {
    assert.equal(one(aContact())?.validUntil, null)
    assert.ok(one(aContact(), 'nurse', days(1000)))
    assert.equal(one(aContact({ kind: 'announced', startsAt: days(-2) })), undefined)
  })

  test('who assesses a referral leans on the referral, and for a month on having assessed it', () => {
    const open = aContact({ kind: 'referral', user: 'stf1' })
    assert.equal(one(open)?.template, 'HENVISNING')
    const closed = { ...open, endsAt: days(-0.5) }
    assert.equal(one(closed)?.template, 'VURDHENV')
    assert.equal(one(closed, 'physician', days(29.4))?.template, 'VURDHENV')
    assert.equal(one(closed, 'physician', days(29.6)), undefined)
  })

  test('what is one person’s is nobody else’s, and what should name a person but does not is nobody’s', () => {
    for (const kind of ['referral', 'attending', 'coordinating', 'primary'] as const) {
      assert.equal(decide(aContact({ kind, user: 'stf1' })).length, 1)
      assert.equal(decide(aContact({ kind, user: 'stf1' }), 'physician', NOW, 'stf2').length, 0)
      assert.equal(decide(aContact({ kind, user: null })).length, 0, kind)
    }
    assert.equal(decide(aContact({ kind: 'task', user: 'stf1' }), 'nurse', NOW, 'stf2').length, 0)
  })

  test('another unit has nothing, also where the contact names the person', () => {
    for (const kind of ['inpatient', 'referral', 'task', 'announced'] as const) {
      const contact = aContact({ kind, unit: 'lok2', user: kind === 'referral' ? 'stf1' : null })
      assert.equal(decide(contact).length, 0, kind)
    }
  })

  test('an announcement is for an emergency, and shows the acute set', () => {
    const meldt = one(aContact({ kind: 'announced', startsAt: NOW }), 'ambulance')
    assert.equal(meldt?.purpose, 'ETREAT')
    assert.ok(meldt.elements.includes('AllergyIntolerance'))
    for (const type of ['*', 'QuestionnaireResponse', 'CarePlan']) assert.equal(meldt.elements.includes(type), false)
  })

  test('administrative staff administer, on terms of their own and a month longer; the kitchen does not', () => {
    const office = one(aContact({ endsAt: days(-20) }), 'secretary')
    assert.deepEqual([office?.template, office?.purpose, office?.validUntil], ['PASADM', 'COC', days(10)])
    assert.equal(office?.elements.includes('*'), false)
    assert.equal(one(aContact({ endsAt: days(-31) }), 'secretary'), undefined)
    assert.equal(one(aContact(), 'kitchen'), undefined)
    for (const kind of ['referral', 'attending', 'primary'] as const) {
      assert.equal(one(aContact({ kind, user: 'stf1' }), 'secretary'), undefined, kind)
    }
  })

  test('a task shows its subject and the basics, and to those without a licence on administrative grounds', () => {
    const task = aContact({ kind: 'task', elements: ['NutritionOrder'] })
    assert.equal(one(task, 'kitchen')?.purpose, 'COC')
    assert.equal(one(task, 'nurse')?.purpose, 'TREAT')
    for (const kind of ['kitchen', 'nurse'] as const) {
      const elements = one(task, kind)?.elements ?? []
      assert.ok(elements.includes('NutritionOrder') && elements.includes('Patient'))
      assert.equal(elements.includes('*') || elements.includes('Condition'), false)
    }
  })

  test('nothing of it was chosen by anybody, opens what is blocked, or is an emergency of one’s own', () => {
    for (const [kind] of TABLE) {
      const made = one(madeFor(kind))
      assert.deepEqual(
        [made?.family, made?.selfSelected, made?.userSelected, made?.items],
        ['implicit', false, false, []],
      )
      assert.notEqual(made?.purpose, 'BTG')
    }
  })

  test('the same contact is the same decision, wherever it is worked out; another role’s is another', () => {
    assert.equal(one(aContact())?.id, one(aContact())?.id)
    const other = implicitDecisions([aContact()], { user: 'stf1', role: aRole('physician', { id: 'agb2' }) }, NOW)
    assert.notEqual(other[0]?.id, one(aContact())?.id)
  })

  test('what opens more comes before what opens less', () => {
    const contacts = [
      aContact({ id: 'a', kind: 'announced', startsAt: NOW }),
      aContact({ id: 'b', kind: 'visit' }),
      aContact({ id: 'c' }),
    ]
    const order = implicitDecisions(contacts, { user: 'stf1', role: aRole() }, NOW).map(({ template }) => template)
    assert.deepEqual(order, ['BELEGG', 'POLBESOK', 'MELDT'])
  })
})

describe('a unit that has a patient in its care', () => {
  test('has it while the contact lasts, not while papers are written afterwards', () => {
    assert.equal(isInCare(aContact(), NOW), true)
    assert.equal(isInCare(aContact({ endsAt: minutes(-1) }), NOW), false)
    assert.equal(isInCare(aContact({ startsAt: minutes(1) }), NOW), false)
    assert.equal(isInCare(aContact({ kind: 'planned' }), NOW), false)
    assert.equal(isInCare(aContact({ kind: 'task' }), NOW), false)
    assert.equal(isInCare(aContact({ kind: 'announced', startsAt: days(-2) }), NOW), false)
  })

  test('every moment at which anything turns lies ahead, and none is missed', () => {
    for (const [kind] of TABLE) {
      const contact = madeFor(kind)
      const points = new Set(turningPoints(contact, days(-30)).map((at) => at.getTime()))
      for (const role of ['physician', 'secretary'] as const) {
        let before = decide(contact, role, days(-30)).length
        for (let hour = -30 * 24; hour < 60 * 24; hour += 1) {
          const at = new Date(NOW.getTime() + hour * 3_600_000)
          const now = decide(contact, role, at).length
          if (now !== before) assert.ok(points.has(at.getTime()), `${kind} for a ${role} at ${at.toISOString()}`)
          before = now
        }
      }
    }
  })
})
