import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseScope } from '@uthopp/smart-core/scope/scope'
import { covers, parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import { allowedOf, narrowingsOf } from '#src/standalone/narrowings.ts'
import { introspectWith, registerApp } from '#test/support/apps.ts'
import { Browser } from '#test/support/browser.ts'
import { exchange, locationOf, refresh } from '#test/support/launch.ts'
import { fieldsOf, openPage, signIn, standalone, submit, submitAndFollow, valuesOf } from '#test/support/standalone.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

const LABORATORY = '?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory'

describe('narrowing everything to some kinds of data', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** Signs in and answers the consent page with these choices; answers what the app is granted. */
  async function narrowed(scope: string, only: readonly string[], ticked?: readonly string[]) {
    const client = {
      client_id: await registerApp(world, { scope, access_token_format: 'opaque' }),
      redirect_uri: 'http://localhost:9999/',
    }
    const browser = new Browser()
    const request = standalone(world, { ...client, scope })
    const { address } = await openPage(browser, request.url)
    const first = await signIn(browser, address)
    const page = first.body.includes('name="patient"')
      ? await submitAndFollow(browser, address, { patient: 'cdp1001' })
      : first
    const fields = fieldsOf(page)
    if (ticked !== undefined) {
      fields.delete('scope')
      for (const token of ticked) fields.append('scope', token)
    }
    for (const token of only) fields.append('only', token)
    fields.set('decision', 'allow')
    const answer = await submit(browser, address, fields)
    const none: Record<string, unknown> = {}
    if (answer.status !== 303) return { page, answer, tokens: none, again: async () => answer }
    const redirect = locationOf(await browser.navigate(locationOf(answer).href))
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    /** The same request once more: what the browser sees when nothing but the patient is asked. */
    const again = async () => {
      const opened = await browser.navigate(standalone(world, { ...client, scope }).url)
      const to = locationOf(opened)
      if (to.origin !== new URL(world.auth).origin) return opened
      await browser.navigate(to.href)
      return submitAndFollow(browser, to.href, { patient: 'cdp1001' })
    }
    return { page, answer, tokens, again }
  }

  test('offers the kinds people have words for, by those words and without JavaScript (SAL-64)', async () => {
    const { page } = await narrowed('openid patient/*.rs', [])
    assert.match(page.body, /<select name="only" multiple/)
    assert.match(page.body, />Allergier og intoleranser</)
    assert.match(page.body, />Målinger og funn: Laboratoriesvar</)
    assert.match(page.body, />Dokumenter \(DocumentReference\)</, 'one word for two kinds needs another')
    const texts = [...page.body.matchAll(/<option[^>]*>([^<]*)</g)].map(([, text]) => text)
    assert.equal(new Set(texts).size, texts.length)
    assert.doesNotMatch(page.body, /<script/)
    assert.doesNotMatch(page.body, /patient\/Questionnaire\.rs/, 'nobody’s data is no patient’s')
    assert.deepEqual(valuesOf(page, 'scope'), ['openid', 'patient/*.rs'], 'the boxes are what the app asked for')
  })

  test('grants exactly what was chosen, in the dialect asked, in tokens, introspection and refresh; and remembers it', async () => {
    for (const [asked, only, granted] of [
      [
        'patient/*.rs',
        ['patient/AllergyIntolerance.rs', 'patient/Goal.rs'],
        'patient/AllergyIntolerance.rs patient/Goal.rs',
      ],
      ['patient/*.read', ['patient/Observation.read'], 'patient/Observation.read'],
      ['patient/*.r', [`patient/Observation.r${LABORATORY}`], `patient/Observation.r${LABORATORY}`],
      ['user/*.rs', ['user/Location.rs'], 'user/Location.rs'],
    ] as const) {
      const { tokens, again } = await narrowed(`openid offline_access ${asked}`, only)
      assert.equal(tokens['scope'], `openid offline_access ${granted}`)
      assert.equal((await introspectWith(world, tokens['access_token'])).body['scope'], tokens['scope'])
      assert.equal((await json(await refresh(world, tokens['refresh_token'])))['scope'], tokens['scope'])
      assert.equal((await again()).status, 303, 'no consent page')
    }
  })

  test('leaves everything where nothing is chosen, and a kind chosen whole is not narrowed by its parts', async () => {
    const whole = await narrowed('openid patient/*.rs', [])
    assert.equal(whole.tokens['scope'], 'openid patient/*.rs')
    const both = await narrowed('openid patient/*.rs', [
      'patient/Observation.rs',
      `patient/Observation.rs${LABORATORY}`,
    ])
    assert.equal(both.tokens['scope'], 'openid patient/Observation.rs')
  })

  test('gives nothing beyond the offer for what a form makes up, nor anything of a line that is not ticked', async () => {
    // What is not understood was meant to take something away: nothing is granted, and never the whole.
    for (const [scope, only] of [
      ['patient/*.rs', 'user/Observation.rs'],
      ['patient/*.rs', 'patient/Observation.cruds'],
      ['patient/*.rs', 'patient/Practitioner.rs?x=y'],
      ['patient/*.rs', 'system/*.rs'],
      ['patient/*.rs', ''],
      ['patient/Observation.rs', `patient/Observation.rs${LABORATORY.slice(0, -1)}`],
      ['patient/Observation.rs', `patient/Condition.rs${LABORATORY}`],
    ] as const) {
      const { answer } = await narrowed(`openid ${scope}`, [only])
      assert.equal(answer.status, 400, only)
      const beside = await narrowed(`openid ${scope}`, [`patient/Observation.rs${LABORATORY}`, only])
      assert.equal(beside.answer.status, 400, only)
    }
    const unticked = await narrowed('openid patient/*.rs', ['patient/Goal.rs'], ['openid'])
    assert.equal(unticked.tokens['scope'], 'openid')
    const nothing = await narrowed('openid patient/*.rs', ['patient/Goal.rs'], [])
    assert.equal(nothing.answer.status, 400)
  })

  test('a constraint that nobody could enforce is not offered, and never widened (SAL-148)', async () => {
    const strange = 'patient/Observation.rs?date=ge2020 patient/Observation.rs?code:in=http://a.example/vs'
    const { page, tokens } = await narrowed(`openid patient/Patient.r ${strange}`, [])
    assert.deepEqual(valuesOf(page, 'scope'), ['openid', 'patient/Patient.r'])
    assert.equal(tokens['scope'], 'openid patient/Patient.r')
  })

  test('never offers more than was asked, whatever the letters and the level', () => {
    for (const offered of [
      'patient/*.rs',
      'patient/*.r',
      'patient/*.crus',
      'user/*.rs',
      'patient/*.read',
      'user/*.*',
    ]) {
      const { scopes } = parseScopeSet(offered)
      const narrowings = narrowingsOf(offered)
      assert.ok(narrowings.length > 20)
      for (const { scope } of narrowings) {
        const parsed = parseScope(scope)
        assert.ok(!isProblem(parsed) && covers(scopes, parsed), scope)
      }
      const every = new Set(narrowings.map(({ scope }) => scope))
      assert.ok(allowedOf([offered], new Set([offered]), every).every((scope) => every.has(scope)))
      assert.deepEqual(allowedOf([offered], new Set(), every), [])
    }
    for (const offered of ['system/*.rs', 'patient/Patient.rs', 'patient/Observation.rs?category=x', 'openid'])
      assert.deepEqual(narrowingsOf(offered), [])
  })
})
