import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import type { Answer } from '@uthopp/policy/answer'
import type { Ask } from '@uthopp/policy/decision-point'
import { Browser } from '../support/browser.ts'
import { authorize, exchange, INTENT, launch, locationOf, offer } from '../support/launch.ts'
import { standalone, throughPages } from '../support/standalone.ts'
import { callApi, json, startWorld, type World } from '../support/world.ts'
import { denied, nameOfAsk, PERMITTED } from './in-test-point.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'
const denying =
  (code: string, ...names: readonly string[]) =>
  (ask: Ask): Answer | undefined =>
    names.includes(nameOfAsk(ask)) ? denied(code) : undefined
/** Every letter and word; the launch itself stays permitted. */
const denyingScopes = (code: string) => (ask: Ask) => (ask.question.action === 'grantScope' ? denied(code) : undefined)

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())
beforeEach(() => {
  world.policy().answer = () => undefined
  world.policy().asked.length = 0
})

describe('what an app gets at authorize', () => {
  test('is what policy leaves of what was asked, and the scope member says so', async () => {
    world.policy().answer = denying('role-not-entitled', 'patient/Observation.s')
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    const granted = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.r'
    assert.equal(tokens['scope'], granted)
    assert.equal(decodeJwt(String(tokens['access_token']))['scope'], granted)
  })

  test('is byte for byte what was asked where nothing was lost, version 1 included', async () => {
    const scope = 'launch openid patient/Observation.read patient/Patient.r'
    const { tokens } = await launch(world, new Browser(), {}, { scope })
    assert.equal(tokens['scope'], scope)
  })

  test('answers in the dialect of the question where a wildcard is taken apart', async () => {
    world.policy().answer = (ask) =>
      nameOfAsk(ask).startsWith('patient/Observation') ? denied('role-not-entitled') : undefined
    const { tokens } = await launch(world, new Browser(), {}, { scope: 'launch patient/*.read' })
    assert.equal(tokens['scope'], 'launch patient/Patient.r', 'nothing of a type that is not registered')
  })

  test('is nothing but a reason when only names and context are left', async () => {
    world.policy().answer = denyingScopes('no-care-relation')
    const { redirect } = await authorize(world, new Browser(), {}, { scope: SCOPE })
    assert.equal(redirect.searchParams.get('error'), 'access_denied')
    assert.match(redirect.searchParams.get('error_description') ?? '', /no-care-relation/)
    assert.equal(redirect.searchParams.get('code'), null)
  })

  test('is still a sign-in when that is all the app came for', async () => {
    world.policy().answer = denyingScopes('no-care-relation')
    const { tokens } = await launch(world, new Browser(), {}, { scope: 'launch openid fhirUser' })
    assert.equal(tokens['scope'], 'launch openid fhirUser')
  })

  test('waits where nobody can decide, and the app is told to try again', async () => {
    world.policy().answer = denyingScopes('facts-unavailable')
    const browser = new Browser()
    const { request, redirect } = await authorize(world, browser, {}, { scope: SCOPE })
    assert.equal(redirect.searchParams.get('error'), 'temporarily_unavailable')
    // Neither the handle nor the proof was spent: nobody else can use them, and this browser can, once.
    const elsewhere = locationOf(await new Browser().navigate(request.url))
    assert.equal(elsewhere.searchParams.get('error'), 'invalid_request')
    const still = locationOf(await browser.navigate(request.url))
    assert.equal(still.searchParams.get('error'), 'temporarily_unavailable')
    world.policy().answer = () => undefined
    const decided = locationOf(await browser.navigate(request.url))
    assert.equal((await exchange(world, request, decided.searchParams.get('code') ?? '')).status, 200)
    const spent = locationOf(await browser.navigate(request.url))
    assert.equal(spent.searchParams.get('error'), 'invalid_request')
  })

  test('is refused for good where somebody did decide: the handle is spent', async () => {
    world.policy().answer = denyingScopes('no-care-relation')
    const browser = new Browser()
    const { request, redirect } = await authorize(world, browser, {}, { scope: SCOPE })
    assert.equal(redirect.searchParams.get('error'), 'access_denied')
    world.policy().answer = () => undefined
    const again = locationOf(await browser.navigate(request.url))
    assert.equal(again.searchParams.get('error'), 'invalid_request')
  })

  test('is decided for the purpose the host named, and for ordinary care when it named none', async () => {
    await launch(world, new Browser(), { purpose: 'ETREAT', decision: 'd1' })
    const purposes = () => new Set(world.policy().asked.map(({ circumstance }) => circumstance.purpose))
    assert.deepEqual(purposes(), new Set(['ETREAT']))
    assert.ok(world.policy().asked.every(({ circumstance }) => circumstance.decision === 'd1'))
    world.policy().asked.length = 0
    await launch(world)
    assert.deepEqual(purposes(), new Set(['TREAT']))
  })

  test('does not depend on anything the app sends about purpose, patient or role', async () => {
    const forged = { purpose: 'BTG', patient: 'cdp1002', role: 'agb102', decision: 'mine', acr_values: '4' }
    await launch(world, new Browser(), {}, forged)
    for (const { subject, circumstance } of world.policy().asked) {
      assert.equal(subject.role, 'agb101')
      assert.equal(circumstance.launchPatient, 'cdp1001')
      assert.equal(circumstance.purpose, 'TREAT')
      assert.equal(circumstance.decision, null)
      assert.equal(circumstance.acr, 0)
    }
  })
})

describe('a code', () => {
  const code = ({ redirect }: { readonly redirect: URL }) => redirect.searchParams.get('code') ?? ''

  test('is exchanged for what policy permits now, not what it permitted when the code was made', async () => {
    const started = await authorize(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denying('blocked', 'patient/Patient.r')
    const tokens = await json(await exchange(world, started.request, code(started)))
    assert.equal(tokens['scope'], 'launch openid fhirUser online_access patient/Observation.rs')
  })

  test('is worth nothing when nothing is permitted any more, and its grant is gone', async () => {
    const started = await authorize(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denyingScopes('decision-ended')
    const answer = await exchange(world, started.request, code(started))
    assert.equal(answer.status, 400)
    assert.equal((await json(answer))['error'], 'invalid_scope')
    world.policy().answer = () => undefined
    assert.equal((await json(await exchange(world, started.request, code(started))))['error'], 'invalid_grant')
  })

  test('is not spent while nobody can decide', async () => {
    const started = await authorize(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denyingScopes('facts-unavailable')
    const answer = await exchange(world, started.request, code(started))
    assert.equal(answer.status, 503)
    assert.equal((await json(answer))['error'], 'temporarily_unavailable')
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    world.policy().answer = () => undefined
    assert.equal((await exchange(world, started.request, code(started))).status, 200)
  })

  test('in the wrong hands asks nobody', async () => {
    const started = await authorize(world, new Browser(), {}, { scope: SCOPE })
    world.policy().asked.length = 0
    const answer = await exchange(world, started.request, code(started), { code_verifier: 'x'.repeat(43) })
    assert.equal((await json(answer))['error'], 'invalid_grant')
    assert.equal(world.policy().asked.length, 0)
  })
})

describe('an access token', () => {
  const lifetime = (token: unknown): number => {
    const { exp = 0, iat = 0 } = decodeJwt(String(token))
    return exp - iat
  }

  test('ends with what it leans on', async () => {
    world.policy().answer = (ask) =>
      nameOfAsk(ask) === 'patient/Observation.r'
        ? { ...PERMITTED, validUntil: new Date(Date.now() + 90_000) }
        : undefined
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    assert.ok(lifetime(tokens['access_token']) <= 90, `${lifetime(tokens['access_token'])} s`)
    assert.ok(lifetime(tokens['access_token']) > 80)
    assert.equal(tokens['expires_in'], lifetime(tokens['access_token']))
  })

  test('lives as long as ever where that ends later, and never longer than ten minutes', async () => {
    world.policy().answer = () => ({ ...PERMITTED, validUntil: new Date(Date.now() + 3_600_000) })
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    assert.equal(lifetime(tokens['access_token']), 300)
  })
})

describe('an offer', () => {
  test('is refused with the reason in two languages and the way out, and nothing is kept', async () => {
    const requestable = { kind: 'decision', templates: ['TILSYN', 'DELBEHAN'] } as const
    world.policy().answer = ({ question }) =>
      question.action === 'launch' ? denied('no-care-relation', { requestable }) : undefined
    const answer = await callApi(world, '/launches', INTENT)
    assert.equal(answer.status, 403)
    const { correlation_id: correlationId, ...body } = await json(answer)
    assert.match(String(correlationId), /^[0-9a-f]{32}$/)
    assert.deepEqual(body, {
      error: 'access_denied',
      error_description: 'this is refused by no-care-relation',
      reason_code: 'no-care-relation',
      reason_text: { nb: 'Avslått: no-care-relation.', en: 'this is refused by no-care-relation' },
      requestable,
    })
  })

  test('is not made while nobody can decide', async () => {
    world.policy().answer = () => denied('facts-unavailable')
    const answer = await callApi(world, '/launches', INTENT)
    assert.equal(answer.status, 503)
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
  })

  test('of one trust is decided by that trust alone', async () => {
    world.policy('983971636').answer = () => denied('no')
    await offer(world)
    world.policy('983971636').answer = () => undefined
  })
})

describe('a standalone launch', () => {
  test('is asked about before its scopes, because no host has asked', async () => {
    world.policy().answer = ({ question }) => (question.action === 'launch' ? denied('no-care-relation') : undefined)
    const redirect = await throughPages(new Browser(), standalone(world).url)
    assert.equal(redirect.searchParams.get('error'), 'access_denied')
    assert.match(redirect.searchParams.get('error_description') ?? '', /no-care-relation/)
  })

  test('gets what policy leaves', async () => {
    world.policy().answer = denying('no', 'patient/Observation.s', 'offline_access')
    const browser = new Browser()
    const request = standalone(world)
    const redirect = await throughPages(browser, request.url)
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    assert.equal(tokens['scope'], 'launch/patient openid fhirUser patient/Patient.r patient/Observation.r')
  })
})
