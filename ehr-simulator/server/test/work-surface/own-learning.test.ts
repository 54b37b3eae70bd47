import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { OUS, type Screen, startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

/** Lies in 4B now; was in the emergency department in April. */
const BERG = 'cdp1001'
const REASON = 'Vil lære av utredningen av fallet i april'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

async function learning(): Promise<{ readonly screen: Screen; readonly decision: unknown }> {
  const screen = world.screen()
  await screen.signIn('wold')
  const taken = await screen.post('access', { patient: BERG, ground: 'EGENLAER', reason: REASON })
  assert.equal(taken.status, 201, JSON.stringify(taken.body))
  return { screen, decision: taken.body['decision'] }
}
type Listed = readonly { readonly id: string; readonly title?: string }[]
const idsIn = (body: Readonly<Record<string, unknown>>, part: string): readonly string[] =>
  (body[part] as Listed).map(({ id }) => id)
const groundsOf = async (username: string, role: string | undefined, patient: string): Promise<readonly string[]> => {
  const screen = world.screen()
  await screen.signIn(username, role)
  return ((await screen.get(`patients/${patient}/access`)).body['grounds'] as Listed).map(({ id }) => id)
}

describe('own learning', () => {
  test('is offered to who gave care of the unit before, for half an hour and with a reason, and to nobody else', async () => {
    const screen = world.screen()
    await screen.signIn('wold')
    const { grounds } = (await screen.get(`patients/${BERG}/access`)).body
    const ground = (grounds as { readonly id: string }[]).find(({ id }) => id === 'EGENLAER')
    assert.deepEqual(ground, { ...ground, title: 'Egen læring', minutes: 30, reasonRequired: true })
    // A secretary of that unit; a dietitian whose unit never had the patient; a kitchen.
    assert.equal((await groundsOf('lie', undefined, BERG)).includes('EGENLAER'), false)
    assert.equal((await groundsOf('lund', undefined, 'cdp1002')).includes('EGENLAER'), false)
    assert.deepEqual(await groundsOf('krogh', undefined, BERG), [])
  })

  test('opens the earlier visits of one’s own unit in the chart, and of all others nothing', async () => {
    const { screen, decision } = await learning()
    const { status, body } = await screen.get(`patients/${BERG}`)
    assert.equal(status, 200)
    assert.equal(body['learning'], true)
    assert.deepEqual(
      idsIn(body, 'documents').filter((id) => id.startsWith('dok')),
      ['dok1001-2'],
    )
    assert.deepEqual(idsIn(body, 'encounters'), ['enc1001-3'])
    assert.deepEqual(body['critical'], [])
    assert.equal(body['mayOpenBlocked'], false)
    const [access] = body['access'] as readonly { readonly kind: string }[]
    assert.equal(access?.kind, 'learning')
    const door = (path: string) =>
      fetch(`${world.address}/${OUS}/fhir/${path}`, { headers: { cookie: screen.cookie } }).then(({ status: is }) => is)
    assert.deepEqual(
      [
        await door('DocumentReference/dok1001-2'),
        await door('DocumentReference/dok1001-8'),
        await door('Encounter/enc1001'),
      ],
      [200, 404, 404],
    )
    await screen.post('access/end', { decision })
    assert.equal((await screen.get(`patients/${BERG}`)).status, 403)
  })

  test('opens no app: the offer is refused in words of its own, and never reaches the authorization server', async () => {
    const { screen, decision } = await learning()
    const before = world.authorizationServer.heard.length
    const refused = await screen.post('launches', {
      app: 'pacs-viewer',
      patient: BERG,
      workspace: 'workspace-learning',
    })
    assert.deepEqual([refused.status, refused.body['error']], [403, 'own_learning_not_in_apps'])
    assert.equal(world.authorizationServer.heard.length, before)
    await screen.post('access/end', { decision })
  })

  test('lifts no blocks and is not renewed', async () => {
    const { screen, decision } = await learning()
    assert.deepEqual((await screen.get(`patients/${BERG}/blocked`)).body['items'], [])
    const renewed = await screen.post('access/renew', { decision, reason: REASON })
    assert.equal(renewed.body['error'], 'decision_not_renewable')
    await screen.post('access/end', { decision })
  })

  test('ends by itself after half an hour', async () => {
    const { screen } = await learning()
    assert.equal((await screen.get(`patients/${BERG}`)).status, 200)
    world.pass(30)
    assert.equal((await screen.get(`patients/${BERG}`)).status, 403)
  })
})
