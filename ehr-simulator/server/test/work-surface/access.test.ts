import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readAccess, readTaken } from '../../../web/src/api/access.ts'
import { readFound } from '../../../web/src/api/found.ts'
import { readChart } from '../../../web/src/api/overview.ts'
import { type Screen, startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

const REASON = 'Bedt om tilsyn av vakthavende på kreftpoliklinikken'

let world: SurfaceWorld
const signedIn = async (username: string, role?: string): Promise<Screen> => {
  const screen = world.screen()
  await screen.signIn(username, role)
  return screen
}
const groundsOf = async (screen: Screen, patient: string) =>
  readAccess((await screen.get(`patients/${patient}/access`)).body, 'access').grounds.map(({ id }) => id)
const take = (screen: Screen, patient: string, ground: string, reason: unknown = REASON) =>
  screen.post('access', { patient, ground, reason })
const lastHeard = () => world.authorizationServer.heard.at(-1)?.body ?? {}

before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

describe('finding a patient outside one’s own list', () => {
  test('tells who somebody is and whether there is a relation, and nothing of what is wrong with them', async () => {
    const nordmann = await signedIn('nordmann')
    const { patients } = readFound((await nordmann.post('patients/find', { text: 'aas' })).body, 'found')
    assert.deepEqual(
      patients.map(({ patient, open }) => [patient.id, open]),
      [['cdp1006', false]],
    )
    assert.equal(patients[0]?.patient.hasAllergy, false)
    const own = readFound((await nordmann.post('patients/find', { text: 'Hansen, Nora' })).body, 'found')
    assert.equal(own.patients[0]?.open, true)
  })

  test('finds by date of birth as it is spoken, and by number', async () => {
    const nordmann = await signedIn('nordmann')
    for (const text of ['27.01.1968', '27816849441', '278168 49441', '270168', '1968-01-27', 'aas 270168'])
      assert.equal(
        readFound((await nordmann.post('patients/find', { text })).body, 'found').patients[0]?.patient.id,
        'cdp1006',
        text,
      )
  })

  test('finds nobody by the beginning of a number, nor by another’s date of birth', async () => {
    const nordmann = await signedIn('nordmann')
    for (const text of ['278', '278168', '2781684944', '270', '1968', 'berg 270168', '---'])
      assert.deepEqual((await nordmann.post('patients/find', { text })).body['patients'], [], text)
  })

  test('is no stroll: fewer than three letters are refused, and so is the other trust’s register', async () => {
    const nordmann = await signedIn('nordmann')
    for (const text of ['a', 'aa', '. .', ' b '])
      assert.equal((await nordmann.post('patients/find', { text })).body['error'], 'search_too_short')
    assert.deepEqual((await nordmann.post('patients/find', { text: 'haugen' })).body['patients'], [])
    assert.equal((await world.screen().post('patients/find', { text: 'aas' })).status, 401)
  })
})

describe('what a role may not see', () => {
  const closedTo = async (username: string, patient: string) =>
    readChart((await (await signedIn(username)).get(`patients/${patient}`)).body, 'chart').closed

  test('is told as closed, so that emptiness is not read as health', async () => {
    const kitchen = await closedTo('krogh', 'cdp1001')
    for (const type of ['Observation', 'DocumentReference', 'Condition', 'MedicationStatement', 'Flag'])
      assert.equal(kitchen.includes(type), true, type)
    assert.equal(kitchen.includes('AllergyIntolerance'), false)
    assert.equal((await closedTo('lie', 'cdp1004')).includes('AllergyIntolerance'), true)
  })

  test('is nothing to a physician, and a patient’s block never comes to light by it', async () => {
    assert.deepEqual(await closedTo('nordmann', 'cdp1004'), [])
    assert.deepEqual(await closedTo('nordmann', 'cdp1007'), [])
    const eide = world.home()
    await eide.signIn('eide')
    await eide.post('blocks', { kind: 'record', target: '' })
    const screen = await signedIn('holm')
    assert.deepEqual(readChart((await screen.get('patients/cdp1007')).body, 'chart').closed, [])
  })
})

describe('the grounds somebody may choose', () => {
  test('are those of the active role, and none is chosen beforehand', async () => {
    assert.deepEqual(await groundsOf(await signedIn('lund'), 'cdp1004'), [
      'TILSYN',
      'DELBEHAN',
      'HENV_PAS',
      'HENV_PAA',
      'HENV_BEH',
    ])
    assert.deepEqual(await groundsOf(await signedIn('lie'), 'cdp1006'), ['HENV_PAS', 'HENV_PAA', 'HENV_BEH'])
    assert.deepEqual(await groundsOf(await signedIn('krogh'), 'cdp1006'), [])
    const ward = await groundsOf(await signedIn('fjell', 'agb102'), 'cdp1006')
    const emergency = await groundsOf(await signedIn('fjell', 'agb112'), 'cdp1006')
    assert.deepEqual([ward.includes('BLAALYS'), emergency.includes('BLAALYS')], [false, true])
  })

  test('are refused for a patient nobody has', async () => {
    const nordmann = await signedIn('nordmann')
    assert.equal((await nordmann.get('patients/cdp9/access')).body['error'], 'patient_not_known')
    assert.equal((await nordmann.get('patients/cdp2003/access')).body['error'], 'patient_not_known')
  })
})

describe('access somebody gives themselves', () => {
  test('opens the chart at once, tells how long, and names the decision in what is launched', async () => {
    const bakke = await signedIn('bakke')
    assert.equal((await bakke.get('patients/cdp1006')).body['error'], 'patient_not_available')
    const taken = await take(bakke, 'cdp1006', 'TILSYN')
    assert.equal(taken.status, 201)
    const { decision, until, renewable, kind } = readTaken(taken.body, 'taken')
    assert.deepEqual([renewable, kind], [false, 'chosen'])
    const chart = readChart((await bakke.get('patients/cdp1006')).body, 'chart')
    assert.deepEqual(
      chart.access.map((each) => each.decision),
      [decision],
    )
    assert.equal(Math.round((until.getTime() - chart.now.getTime()) / 3_600_000), 48)
    await bakke.post('launches', { app: 'pacs-viewer', workspace: 'workspace-1', patient: 'cdp1006' })
    assert.deepEqual([lastHeard()['decision'], lastHeard()['purpose']], [decision, 'TREAT'])
  })

  test('is one person’s in one role, for one patient', async () => {
    const fjell = await signedIn('fjell', 'agb112')
    assert.equal((await take(fjell, 'cdp1006', 'DELBEHAN')).status, 201)
    assert.equal((await fjell.get('patients/cdp1006')).status, 200)
    const { status } = await (await signedIn('fjell', 'agb102')).get('patients/cdp1006')
    assert.equal(status, 403)
    assert.equal((await (await signedIn('roed')).get('patients/cdp1006')).status, 403)
    assert.equal((await fjell.get('patients/cdp1005')).status, 403)
  })

  test('that somebody gives back is over at once', async () => {
    const lund = await signedIn('lund')
    const { decision } = readTaken((await take(lund, 'cdp1004', 'DELBEHAN')).body, 'taken')
    const other = await signedIn('nordmann')
    assert.equal((await other.post('access/end', { decision })).status, 403, 'and by nobody else')
    assert.equal((await lund.post('access/end', { decision })).status, 204)
    assert.equal((await lund.get('patients/cdp1004')).body['error'], 'patient_not_available')
    assert.equal((await lund.post('access/end', { decision })).body['error'], 'decision_not_available')
  })

  const words = [
    '',
    '          ',
    'aaaaaaaaaaaaaaaa',
    '. . . . . . . . . .',
    'ababababababab',
    'akutt',
    'tilsyn tilsyn tilsyn',
  ]
  for (const reason of words) {
    test(`with the reason ${JSON.stringify(reason)} is refused by the server`, async () => {
      const myhre = await signedIn('myhre')
      const answer = await take(myhre, 'cdp1004', 'DELBEHAN', reason)
      assert.deepEqual([answer.status, answer.body['error']], [400, 'reason_required'])
      assert.equal((await myhre.get('patients/cdp1004')).status, 403)
    })
  }

  for (const [who, ground, patient = 'cdp1006'] of [
    ['krogh', 'DELBEHAN'],
    ['lie', 'BLAALYS'],
    ['lie', 'TILSYN'],
    ['myhre', 'BLAALYS', 'cdp1004'],
    ['holm', 'BTG'],
    ['nordmann', 'BTG'],
    ['nordmann', 'BELEGG'],
    ['nordmann', 'KVAL'],
  ] as const) {
    test(`as ${ground} by ${who} is refused, whatever the page offered`, async () => {
      const screen = await signedIn(who)
      const answer = await take(screen, patient, ground)
      assert.deepEqual([answer.status, answer.body['error']], [403, 'template_not_available'])
      assert.equal((await screen.get(`patients/${patient}`)).status, 403)
    })
  }

  test('with members nobody knows, or none, is no request', async () => {
    const nordmann = await signedIn('nordmann')
    for (const body of [
      { patient: 'cdp1006', ground: 'TILSYN' },
      { patient: 'cdp1006', ground: 'TILSYN', reason: 7 },
      { patient: 'cdp1006', ground: 'TILSYN', reason: REASON, until: '2099-01-01' },
      { patient: 'cdp1006', ground: 'TILSYN', reason: REASON, user: 'stf104' },
    ])
      assert.deepEqual((await nordmann.post('access', body)).body['error'], 'invalid_request')
  })
})

describe('the blue light', () => {
  test('lasts an hour, is renewed once with a reason of its own, and never by itself', async () => {
    const roed = await signedIn('roed')
    const first = readTaken((await take(roed, 'cdp1008', 'BLAALYS', 'Bevisstløs pasient i ambulansen')).body, 'taken')
    assert.deepEqual([first.kind, first.renewable], ['emergency', true])
    await roed.post('launches', { app: 'pacs-viewer', workspace: 'workspace-1', patient: 'cdp1008' })
    assert.deepEqual([lastHeard()['decision'], lastHeard()['purpose']], [first.decision, 'ETREAT'])
    world.pass(50)
    const renewing = { decision: first.decision, reason: 'x' }
    assert.equal((await roed.post('access/renew', renewing)).body['error'], 'reason_required')
    const again = await roed.post('access/renew', { ...renewing, reason: 'Fortsatt ustabil under transport' })
    assert.equal(again.status, 200)
    const renewed = readTaken(again.body, 'taken')
    assert.equal(renewed.renewable, false)
    assert.equal(renewed.until > first.until, true)
    const third = await roed.post('access/renew', {
      decision: renewed.decision,
      reason: 'Enda en gang, for sikkerhets skyld',
    })
    assert.equal(third.body['error'], 'decision_not_renewable')
    world.pass(55)
    assert.equal((await roed.get('patients/cdp1008')).status, 200, 'the hour of the renewal')
    world.pass(6)
    assert.equal((await roed.get('patients/cdp1008')).body['error'], 'patient_not_available')
    const late = await roed.post('access/renew', { decision: renewed.decision, reason: 'Glemte å fornye i tide' })
    assert.equal(late.body['error'], 'decision_not_available')
  })
})
