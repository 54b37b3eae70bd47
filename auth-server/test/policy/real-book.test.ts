import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { CareDecision, CaseFacts, PatientFacts } from '@uthopp/policy/facts'
import { createDecisionPoint, type LocalDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { factsOf } from '#test/explain/case.ts'
import { Browser } from '#test/support/browser.ts'
import { authorizing, INTENT, launch, locationOf, offer, refresh, start } from '#test/support/launch.ts'
import { callApi, json, startWorld, type World } from '#test/support/world.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'

/** What the host knows changes while a launch lives; the rules are ours. */
describe('a launch under the rule book and the facts of the host', () => {
  let point: LocalDecisionPoint
  let world: World
  let facts: CaseFacts
  let asked = 0
  const patientOf = (): PatientFacts => {
    const patient = facts.patients.get('cdp1001')
    assert.ok(patient)
    return patient
  }
  const setPatient = (changes: Partial<PatientFacts>) => {
    asked += 1
    const patient = { ...patientOf(), ...changes, epoch: `e.${asked}` }
    facts = { ...facts, patients: new Map([['cdp1001', patient]]) }
  }
  const setDecision = (changes: Partial<CareDecision>) =>
    setPatient({
      decisions:
        factsOf()
          .patients.get('cdp1001')
          ?.decisions.map((one) => ({ ...one, ...changes })) ?? [],
    })
  before(async () => {
    const read = async () => ({ ...facts, at: new Date() })
    point = createDecisionPoint({ facts: { read }, rules: OWN_RULES, now: () => new Date(), log: () => undefined })
    world = await startWorld({ point })
  })
  after(async () => {
    await point.close()
    await world.close()
  })
  beforeEach(() => {
    facts = factsOf()
    setDecision({})
  })
  const begin = (intent: Readonly<Record<string, unknown>> = {}) =>
    launch(world, new Browser(), { acr: 3, ...intent }, { scope: SCOPE })

  test('gives a token that ends with the decision it leans on', async () => {
    setDecision({ validUntil: new Date(Date.now() + 100_000) })
    const { tokens } = await begin()
    assert.equal(tokens['scope'], SCOPE)
    assert.ok(Number(tokens['expires_in']) <= 100 && Number(tokens['expires_in']) > 60, String(tokens['expires_in']))
  })

  test('ends when its decision does, and a refresh says so', async () => {
    const { tokens } = await begin({ decision: 'd1' })
    setPatient({ decisions: [] })
    const answer = await refresh(world, tokens['refresh_token'])
    assert.equal((await json(answer))['error'], 'invalid_grant')
    setDecision({})
    const again = await refresh(world, tokens['refresh_token'])
    assert.equal((await json(again))['error'], 'invalid_grant', 'the launch is over, whatever is decided later')
  })

  test('goes on by the care relation alone when a decision nobody named ends', async () => {
    const { tokens } = await begin()
    setPatient({ decisions: [], contactUnits: ['u1'] })
    const renewed = await json(await refresh(world, tokens['refresh_token']))
    assert.equal(renewed['scope'], SCOPE)
    assert.equal(renewed['expires_in'], 300, 'the relation has no end of its own')
  })

  test('ends when the person no longer holds the role', async () => {
    const { tokens } = await begin()
    facts = { ...facts, person: facts.person && { ...facts.person, role: null } }
    assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
  })

  test('ends when the licence does', async () => {
    const { tokens } = await begin()
    const licence = { active: false, profession: 'LE' }
    facts = { ...facts, person: facts.person && { ...facts.person, licence } }
    assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
  })

  test('does not tell an app by its scopes that something is blocked', async () => {
    setPatient({ blocks: [{ id: 'b1', kind: 'document', target: 'DocumentReference/d1' }] })
    const { tokens } = await begin()
    assert.equal(tokens['scope'], SCOPE)
  })

  test('is not offered to somebody without a relation, who hears what could be asked for', async () => {
    setPatient({ decisions: [] })
    const answer = await callApi(world, '/launches', { ...INTENT, acr: 3 })
    assert.equal(answer.status, 403)
    const body = await json(answer)
    assert.equal(body['reason_code'], 'no-care-relation')
    assert.match(JSON.stringify(body['requestable']), /TILSYN/)
    assert.match(JSON.stringify(body['reason_text']), /tjenstlig behov/)
  })

  test('under a decision about somebody else, or one that has ended, is not offered', async () => {
    for (const [decision, code] of [
      ['nobody-knows-it', 'decision-expired'],
      ['d1', 'decision-expired'],
    ] as const) {
      setPatient({ decisions: [] })
      const answer = await callApi(world, '/launches', { ...INTENT, acr: 3, decision })
      assert.equal(answer.status, 403)
      assert.equal((await json(answer))['reason_code'], code)
    }
  })

  test('that was offered is decided again at authorize', async () => {
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { acr: 3 }))
    setPatient({ decisions: [] })
    const request = authorizing(world, opened.searchParams.get('launch') ?? '', { scope: SCOPE })
    const redirect = locationOf(await browser.navigate(request.url))
    assert.equal(redirect.searchParams.get('error'), 'access_denied')
    assert.match(redirect.searchParams.get('error_description') ?? '', /no-care-relation/)
  })
})
