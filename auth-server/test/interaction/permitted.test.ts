import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { AuditRecord } from '@uthopp/audit/record'
import type { Ask } from '@uthopp/policy/decision-point'
import { Browser } from '#test/support/browser.ts'
import { exchange, locationOf } from '#test/support/launch.ts'
import {
  allow,
  fieldsOf,
  openPage,
  signIn,
  STANDALONE_SCOPE,
  standalone,
  submit,
  submitAndFollow,
} from '#test/support/standalone.ts'
import { json, startWorld, type World } from '#test/support/world.ts'
import { logged } from '../audit/support.ts'
import { denied, nameOfAsk } from '../policy/in-test-point.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())
beforeEach(() => {
  world.policy().answer = () => undefined
  world.policy().asked.length = 0
})

const isScope = (ask: Ask): boolean => ask.question.action === 'grantScope'

/** Signs in and picks a patient; answers what comes then. */
async function afterThePatient(at = world) {
  const browser = new Browser()
  const request = standalone(at, { prompt: 'consent' })
  const { address } = await openPage(browser, request.url)
  await signIn(browser, address)
  const answer = await submitAndFollow(browser, address, { patient: 'cdp1002' })
  return { browser, request, address, answer }
}

/** Follows what is no page to the app. */
async function atTheApp({ browser, answer }: Awaited<ReturnType<typeof afterThePatient>>): Promise<URLSearchParams> {
  assert.equal(answer.status, 303)
  return locationOf(await browser.navigate(locationOf(answer).href)).searchParams
}

describe('the page that asks', () => {
  test('offers what policy permits this person for this patient now, and what is ticked is what is granted', async () => {
    world.policy().answer = (ask) =>
      nameOfAsk(ask) === 'patient/Observation.s' ? denied('role-not-entitled') : undefined
    const { browser, request, address, answer } = await afterThePatient()
    const offered = STANDALONE_SCOPE.replace('Observation.rs', 'Observation.r')
    assert.equal(fieldsOf(answer).getAll('scope').join(' '), offered)
    const asked = world.policy().asked.at(-1)
    assert.equal(asked?.circumstance.launchPatient, 'cdp1002')
    assert.equal(asked?.subject.id, 'stf101')
    const code = (await allow(browser, address, answer)).searchParams.get('code') ?? ''
    assert.equal((await json(await exchange(world, request, code)))['scope'], offered)
  })

  test('takes no scope that it did not offer, whoever ticks it', async () => {
    world.policy().answer = (ask) => (nameOfAsk(ask).startsWith('patient/Observation') ? denied('x') : undefined)
    const { browser, request, address, answer } = await afterThePatient()
    const fields = fieldsOf(answer)
    assert.ok(!fields.getAll('scope').includes('patient/Observation.rs'))
    fields.append('scope', 'patient/Observation.rs')
    fields.set('decision', 'allow')
    const resumed = await submit(browser, address, fields)
    const code = locationOf(await browser.navigate(locationOf(resumed).href)).searchParams.get('code') ?? ''
    const { scope } = await json(await exchange(world, request, code))
    assert.ok(!String(scope).includes('Observation'), String(scope))
  })

  test('is not shown where nothing would be left: the app hears why', async () => {
    world.policy().answer = (ask) => (isScope(ask) ? denied('role-not-entitled') : undefined)
    const heard = await atTheApp(await afterThePatient())
    assert.equal(heard.get('error'), 'access_denied')
    assert.match(heard.get('error_description') ?? '', /role-not-entitled/)
    assert.equal(heard.get('code'), null)
  })

  test('is not shown where the app may not be opened at all', async () => {
    world.policy().answer = ({ question }) => (question.action === 'launch' ? denied('no-care-relation') : undefined)
    const heard = await atTheApp(await afterThePatient())
    assert.equal(heard.get('error'), 'access_denied')
    assert.match(heard.get('error_description') ?? '', /no-care-relation/)
  })

  test('is not shown while nobody can decide, which is no refusal', async () => {
    world.policy().answer = () => denied('facts-unavailable')
    const heard = await atTheApp(await afterThePatient())
    assert.equal(heard.get('error'), 'temporarily_unavailable')
    assert.equal(heard.get('code'), null)
  })

  test('answered when policy has changed its mind meanwhile grants nothing that it denies by then', async () => {
    const { browser, address, answer } = await afterThePatient()
    world.policy().answer = (ask) => (nameOfAsk(ask) === 'patient/Observation.s' ? denied('x') : undefined)
    const fields = fieldsOf(answer)
    fields.set('decision', 'allow')
    const again = await submit(browser, address, fields)
    assert.equal(again.status, 409, 'the page is made anew')
    assert.ok(fieldsOf(again).getAll('scope').includes('patient/Observation.r'))
  })

  test('leaves no word of a decision in the log, but one of the refusal that it was not shown for', async () => {
    const fresh = await startWorld()
    try {
      await afterThePatient(fresh)
      fresh.policy().answer = (ask) => (isScope(ask) ? denied('role-not-entitled') : undefined)
      await afterThePatient(fresh)
      const refused = ({ outcome, activity }: AuditRecord) => activity === 'scope-decided' && outcome === 'refused'
      const records = await logged(fresh, (all) => all.some(refused))
      const one = records.find(refused)
      assert.equal(one?.patient, 'cdp1002')
      const decided = records.filter(({ activity }) => activity === 'scope-decided')
      assert.deepEqual(new Set(decided.map(({ correlationId }) => correlationId)), new Set([one?.correlationId]))
    } finally {
      await fresh.close()
    }
  })
})
