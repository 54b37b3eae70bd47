import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readTaken } from '../../../web/src/api/access.ts'
import { startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

const REASON = 'Bedt om tilsyn av vakthavende på kreftpoliklinikken'
/** contracts.md §5: what changes counts within 5 s. */
const SOON_MS = 5000

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

const endings = () => world.authorizationServer.heard.filter(({ path }) => path.endsWith('/launches/end'))
async function soon(holds: () => boolean): Promise<boolean> {
  for (const deadline = performance.now() + SOON_MS; performance.now() < deadline && !holds(); )
    await new Promise((later) => setTimeout(later, 20))
  return holds()
}
const heardEnding = (holds: (workspace: string) => boolean): Promise<boolean> =>
  soon(() => endings().some(({ body }) => typeof body['workspace'] === 'string' && holds(body['workspace'])))

async function launched(patient: string, ground: string, workspace: string) {
  const screen = world.screen()
  await screen.signIn('nordmann')
  const taken = readTaken((await screen.post('access', { patient, ground, reason: REASON })).body, 'taken')
  const opened = await screen.post('launches', { app: 'pacs-viewer', workspace, patient })
  assert.equal(opened.status, 201)
  return { screen, decision: taken.decision }
}

describe('a launch that leans on a decision somebody took', () => {
  test('ends within seconds of the decision’s being given back', async () => {
    const { screen, decision } = await launched('cdp1006', 'TILSYN', 'workspace-leaning-1')
    assert.equal(world.authorizationServer.heard.at(-1)?.body['decision'], decision)
    assert.equal((await screen.post('access/end', { decision })).status < 300, true)
    assert.ok(await heardEnding((workspace) => workspace.endsWith('.workspace-leaning-1')))
  })

  test('under the blue light is offered for emergency treatment, and without words there is none', async () => {
    const screen = world.screen()
    await screen.signIn('nordmann')
    const silent = await screen.post('access', { patient: 'cdp1006', ground: 'BLAALYS', reason: '' })
    assert.deepEqual([silent.status, silent.body['error']], [400, 'reason_required'])
    const { decision } = await launched('cdp1006', 'BLAALYS', 'workspace-blue-light')
    const { body } = world.authorizationServer.heard.at(-1) ?? {}
    assert.deepEqual([body?.['purpose'], body?.['decision']], ['ETREAT', decision])
    await screen.post('access/end', { decision })
  })

  test('ends when the decision runs out by itself, and a launch that leans on none goes on', async () => {
    await launched('cdp1006', 'BLAALYS', 'workspace-leaning-2')
    const screen = world.screen()
    await screen.signIn('nordmann')
    await screen.post('launches', { app: 'pacs-viewer', workspace: 'workspace-ordinary', patient: 'cdp1004' })
    world.pass(61)
    assert.ok(await heardEnding((workspace) => workspace.endsWith('.workspace-leaning-2')))
    assert.equal(
      endings().some(({ body }) => String(body['workspace']).endsWith('.workspace-ordinary')),
      false,
    )
  })

  test('is ended late rather than never when the authorization server is away', async () => {
    const { screen, decision } = await launched('cdp1006', 'DELBEHAN', 'workspace-leaning-3')
    world.authorizationServer.mood = 'away'
    await screen.post('access/end', { decision })
    assert.ok(await soon(() => world.authorizationServer.turnedAway > 0))
    world.authorizationServer.mood = 'well'
    world.pass(1)
    await screen.get('session')
    assert.ok(await heardEnding((workspace) => workspace.endsWith('.workspace-leaning-3')))
  })
})
