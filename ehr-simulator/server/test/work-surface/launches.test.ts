import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseLaunchIntent } from '@uthopp/smart-core/launch/intent'
import { HANDLE } from './authorization-server.ts'
import { OUS, startSurfaceWorld, type Screen, type SurfaceWorld } from './surface-world.ts'

let world: SurfaceWorld
let nordmann: Screen
before(async () => {
  world = await startSurfaceWorld()
  nordmann = world.screen()
  await nordmann.signIn('nordmann')
})
after(() => world.close())

const TILE = { app: 'pacs-viewer', workspace: 'workspace-1', patient: 'cdp1004' }
const lastHeard = () => world.authorizationServer.heard.at(-1)?.body ?? {}

describe('the offer of a launch', () => {
  test('names the person, the active role, the patient and the stay that goes on', async () => {
    assert.equal((await nordmann.post('launches', TILE)).status, 201)
    const { session, workspace, smart_style_url: style, ...rest } = lastHeard()
    assert.deepEqual(rest, {
      client_id: 'pacs-viewer',
      user: 'stf101',
      role: 'agb101',
      acr: 4,
      patient: 'cdp1004',
      encounter: 'enc1004',
      need_patient_banner: false,
    })
    assert.equal(workspace, `${String(session)}.workspace-1`)
    assert.match(String(style), new RegExp(`^${world.address}/${OUS}/style/[0-9a-f]{16}\\.json$`))
    assert.equal(isProblem(parseLaunchIntent(lastHeard())), false)
  })

  test('from a study row carries the study as context', async () => {
    await nordmann.post('launches', { ...TILE, study: 'img1004-1' })
    assert.deepEqual(lastHeard()['fhirContext'], [{ reference: 'ImagingStudy/img1004-1' }])
    assert.equal(isProblem(parseLaunchIntent(lastHeard())), false)
  })

  test('for an own window asks the app to show whose patient it is', async () => {
    await nordmann.post('launches', { ...TILE, own_window: true })
    assert.equal(lastHeard()['need_patient_banner'], true)
  })

  test('for the unit has no patient in it', async () => {
    assert.equal((await nordmann.post('launches', { app: 'bliksund-live', workspace: 'workspace-2' })).status, 201)
    for (const member of ['patient', 'encounter', 'need_patient_banner', 'fhirContext']) {
      assert.equal(member in lastHeard(), false, member)
    }
  })

  test('gives the browser the start address and a name, never the handle', async () => {
    const { body } = await nordmann.post('launches', TILE)
    assert.deepEqual(Object.keys(body).toSorted(), ['expires_at', 'launch', 'start_url'])
    assert.match(String(body['start_url']), new RegExp(`^${world.authorizationServer.address}/${OUS}/start/`))
    assert.equal(JSON.stringify(body).includes(HANDLE), false)
  })
})

describe('an offer that is not this person’s to make', () => {
  const cases = [
    ['a patient of another unit', { ...TILE, patient: 'cdp1006' }, 'patient_not_available'],
    ['a patient of the other trust', { ...TILE, patient: 'cdp2003' }, 'patient_not_available'],
    ['a patient nobody has', { ...TILE, patient: 'cdp9' }, 'patient_not_available'],
    ['the stay of another patient', { ...TILE, encounter: 'enc1002' }, 'encounter_not_available'],
    ['the study of another patient', { ...TILE, study: 'img1001-1' }, 'study_not_available'],
    ['an app the trust does not offer', { ...TILE, app: 'sneaky' }, 'app_not_available'],
    ['a patient’s app for the whole unit', { app: 'pacs-viewer', workspace: 'workspace-1' }, 'context_not_available'],
  ] as const
  for (const [what, wish, code] of cases) {
    test(`${what} is refused before the authorization server hears of it`, async () => {
      const before = world.authorizationServer.heard.length
      const answer = await nordmann.post('launches', wish)
      assert.deepEqual([answer.status, answer.body['error']], [403, code])
      assert.equal(world.authorizationServer.heard.length, before)
    })
  }

  const malformed = [
    { ...TILE, role: 'agb104' },
    { ...TILE, user: 'stf104' },
    { ...TILE, workspace: '../x' },
    { ...TILE, patient: 'Patient/cdp1004' },
    { app: 'bliksund-live', workspace: 'workspace-1', study: 'img1004-1' },
    { app: 'pacs-viewer' },
  ]
  for (const wish of malformed) {
    test(`${JSON.stringify(wish)} is no wish`, async () => {
      const answer = await nordmann.post('launches', wish)
      assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_request'])
    })
  }

  test('nobody signed in launches nothing', async () => {
    assert.equal((await world.screen().post('launches', TILE)).status, 401)
  })
})

describe('when the authorization server does not play along', () => {
  test('its refusal reaches the browser without its details', async () => {
    world.authorizationServer.mood = 'refusing'
    const answer = await nordmann.post('launches', TILE)
    world.authorizationServer.mood = 'well'
    assert.deepEqual([answer.status, answer.body['error']], [502, 'launch_refused'])
    assert.equal(JSON.stringify(answer.body).includes('secret detail'), false)
  })

  test('its absence is told as such', async () => {
    world.authorizationServer.mood = 'away'
    const answer = await nordmann.post('launches', TILE)
    world.authorizationServer.mood = 'well'
    assert.deepEqual([answer.status, answer.body['error']], [503, 'launch_unavailable'])
  })
})

describe('ending launches', () => {
  test('closing a patient ends that tab’s workspace and no other screen’s', async () => {
    const other = world.screen()
    await other.signIn('nordmann')
    await nordmann.post('launches', TILE)
    const { workspace } = lastHeard()
    await other.post('launches/end', { workspace: 'workspace-1' })
    assert.notEqual(lastHeard()['workspace'], workspace)
    await nordmann.post('launches/end', { workspace: 'workspace-1' })
    assert.deepEqual(lastHeard(), { workspace })
  })

  test('closing one tile ends its launch by the handle only the host knows', async () => {
    const { body } = await nordmann.post('launches', TILE)
    const count = world.authorizationServer.heard.length
    const other = world.screen()
    await other.signIn('nordmann')
    assert.equal((await other.post('launches/end', { launch: body['launch'] })).status, 204)
    assert.equal(world.authorizationServer.heard.length, count, 'another session ends nothing')
    assert.equal((await nordmann.post('launches/end', { launch: body['launch'] })).status, 204)
    assert.match(String(lastHeard()['launch']), new RegExp(`^${HANDLE}`))
    await nordmann.post('launches/end', { launch: body['launch'] })
    assert.equal(world.authorizationServer.heard.length, count + 1, 'and it is ended once')
  })

  test('names exactly one of the two', async () => {
    const bodies = [{}, { workspace: 'workspace-1', launch: 'x' }, { launch: 'x', patient: 'cdp1004' }]
    for (const body of bodies) {
      assert.equal((await nordmann.post('launches/end', body)).status, 400)
    }
  })
})

test('the log of all this has no names, numbers, secrets, handles or start addresses', () => {
  const log = world.logLines.join('\n')
  assert.equal(log.includes('launch-offered'), true)
  const secret = nordmann.cookie.split('=')[1] ?? 'no cookie'
  for (const word of [
    'Hansen',
    'Nora',
    'nordmann',
    'Nordmann',
    '24895949457',
    'uthopp-demo',
    secret,
    HANDLE,
    '/start/',
    'cdp1004',
  ]) {
    assert.equal(log.includes(word), false, word)
  }
})
