import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { INTENT, launch, refresh } from '#test/support/launch.ts'
import { callApi, json, postForm, startWorld, type World } from '#test/support/world.ts'

const ASKED = '{"skjema": "nrs-2002",\n "trinn": "Kveldsmåltid – 2 % fett"}'

describe('the context of a task', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('reaches the app to the letter, at the code, at refresh and at introspection (SAL-111)', async () => {
    const { tokens } = await launch(world, new Browser(), { encounter: 'enc1', appContext: ASKED })
    assert.equal(tokens['appContext'], ASKED)
    assert.equal(tokens['patient'], 'cdp1001')
    assert.equal(tokens['encounter'], 'enc1')
    const again = await json(await refresh(world, tokens['refresh_token']))
    assert.equal(again['appContext'], ASKED)
    const asked = { token: String(again['access_token']) }
    const authorization = `Bearer ${asked.token}`
    const told = await json(await postForm(`${world.issuer()}/introspect`, asked, { authorization }))
    assert.deepEqual([told['active'], told['appContext']], [true, ASKED])
  })

  test('is not in the answer to a launch that had none', async () => {
    const { tokens } = await launch(world)
    assert.equal('appContext' in tokens, false)
  })

  for (const [what, appContext] of [
    ['longer than 4,096 characters', 'x'.repeat(4097)],
    ['an object', { form: 'nrs-2002' }],
    ['a number', 7],
    ['blank', ' \n '],
    ['with a null byte', 'a\u0000b'],
  ] as const)
    test(`is refused by name when it is ${what}`, async () => {
      const answer = await callApi(world, '/launches', { ...INTENT, appContext })
      const body = await json(answer)
      assert.deepEqual([answer.status, body['error']], [400, 'invalid_request'])
      assert.match(String(body['error_description']), /`appContext`/)
    })

  test('brings no app to an address that it has not registered (SAL-112)', async () => {
    const launchUri = 'https://evil.example/launch.html'
    const answer = await callApi(world, '/launches', { ...INTENT, appContext: ASKED, launch_uri: launchUri })
    assert.equal(answer.status, 400)
    assert.match(String((await json(answer))['error_description']), /`launch_uri`/)
  })
})
