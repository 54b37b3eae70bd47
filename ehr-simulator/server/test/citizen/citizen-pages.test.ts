import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readTaken } from '../../../web/src/api/access.ts'
import { readLog } from '../../../web/src/citizen/api.ts'
import { AHUS, type Screen, startSurfaceWorld, type SurfaceWorld } from '../work-surface/surface-world.ts'

const EIDE = 'cdp1007'
const REASON = 'Bedt om tilsyn av vakthavende på sengepost 4B'

let world: SurfaceWorld
let eide: Screen
before(async () => {
  world = await startSurfaceWorld()
  eide = world.home()
  await eide.signIn('eide')
})
after(() => world.close())

const entry = (changes: object = {}) => ({
  id: '0190-1',
  at: '2030-01-01T10:00:00.000Z',
  activity: 'patient-opened',
  outcome: 'ok',
  actor: { kind: 'clinician', id: 'stf101', role: 'agb101' },
  client_id: null,
  source: 'host',
  purpose: 'TREAT',
  decision: null,
  what: null,
  correlation_id: 'c',
  ...changes,
})
const looks = async () => readLog((await eide.get('log')).body, 'log').looks

describe('the citizens’ door', () => {
  test('is another than the staff’s: neither sign-in nor cookie opens the other', async () => {
    const staff = world.home()
    assert.equal((await staff.signIn('nordmann')).body['error'], 'citizens_only')
    const citizen = world.screen()
    assert.equal((await citizen.signIn('eide')).body['error'], 'staff_only')
    const nordmann = world.screen()
    await nordmann.signIn('nordmann')
    const value = (cookie: string) => cookie.split('=')[1] ?? ''
    const name = (cookie: string) => cookie.split('=')[0] ?? ''
    const intruder = world.home()
    intruder.cookie = `${name(eide.cookie)}=${value(nordmann.cookie)}`
    assert.equal((await intruder.get('log')).status, 401)
    const other = world.screen()
    other.cookie = `${name(nordmann.cookie)}=${value(eide.cookie)}`
    for (const path of ['unit', 'session', `patients/${EIDE}`]) assert.equal((await other.get(path)).status, 401, path)
  })

  test('shows nothing before somebody has signed in, and nothing after they have left', async () => {
    const home = world.home()
    for (const path of ['log', 'blocks', 'session']) assert.equal((await home.get(path)).status, 401, path)
    await home.signIn('berg')
    assert.equal((await home.get('session')).body['name'], 'Solveig Berg')
    await home.post('session/end', {})
    assert.equal((await home.get('log')).status, 401)
  })

  test('takes changes from its own pages only', async () => {
    const wish = { kind: 'record', target: '' }
    const answer = await eide.post('blocks', wish, { origin: 'https://evil.example' })
    assert.deepEqual([answer.status, answer.body['error']], [403, 'foreign_origin'])
    assert.equal((await world.home(AHUS).get('log')).status, 401)
  })
})

describe('«Hvem har sett i journalen din»', () => {
  test('tells when, who by name and profession, where, what, why and through what', async () => {
    world.authorizationServer.log = [
      entry({
        activity: 'fhir-access',
        source: 'gateway',
        client_id: 'pacs-viewer',
        decision: { id: 'BELEGG.x', template: 'BELEGG', user_selected: false },
        what: { interaction: 'read', type: 'ImagingStudy', ids: [], count: 1 },
      }),
    ]
    const [look] = await looks()
    assert.deepEqual(
      [
        look?.who,
        look?.profession,
        look?.role,
        look?.organization,
        look?.what,
        look?.purpose,
        look?.ground,
        look?.source,
      ],
      [
        'Eva Nordmann',
        '',
        'Lege, akuttmottak',
        'Oslo universitetssykehus HF',
        'Bildeundersøkelser',
        'Helsehjelp',
        'Du er innlagt på enheten',
        'Appen pacs-viewer',
      ],
    )
    assert.notEqual(look?.department, '')
  })

  test('says so where being in the care team was the ground, and of nobody else', async () => {
    const fjell = { kind: 'clinician', id: 'stf102', role: 'agb102' }
    const bakke = { kind: 'clinician', id: 'stf104', role: 'agb104' }
    world.authorizationServer.log = [
      entry({ actor: fjell, decision: null, activity: 'patient-opened' }),
      entry({ actor: bakke, decision: null, activity: 'fhir-access' }),
      entry({ actor: fjell, decision: null, outcome: 'refused', client_id: 'nutrition' }),
    ]
    assert.deepEqual(
      (await looks()).map(({ purpose, ground }) => [purpose, ground]),
      [
        ['Helsehjelp', 'Er i behandlingsteamet ditt'],
        ['Helsehjelp', null],
        ['Helsehjelp', null],
      ],
    )
  })

  test('tells what an app keeps about the patient by itself, and by what it was kept or read (norway.md 5.3.4)', async () => {
    const state = { interaction: 'create', type: 'Basic', ids: [], count: 0 }
    const kept = { activity: 'app-state-access', source: 'gateway', client_id: 'pacs-viewer', what: state }
    world.authorizationServer.log = [
      entry({ ...kept, id: 's1' }),
      entry({ ...kept, id: 's2', client_id: 'app-of-somebody', at: '2029-12-01T10:00:00.000Z' }),
      entry({ ...kept, id: 's3', activity: 'fhir-access', what: { ...state, type: 'Observation' } }),
    ]
    assert.deepEqual(
      (await looks()).map(({ who, what, source, kind }) => [who, what, source, kind]),
      [
        ['Eva Nordmann', 'Målinger og prøvesvar, det appen selv har lagret om deg', 'Appen pacs-viewer', 'ordinary'],
        [
          'Eva Nordmann',
          'Det appen selv har lagret om deg',
          'En app utenfor sykehusets liste (app-of-somebody)',
          'ordinary',
        ],
      ],
    )
  })

  test('names own learning once, and says of an attempt that was stopped that there was no ground', async () => {
    const learning = { id: 'd9', template: 'EGENLAER', user_selected: true }
    world.authorizationServer.log = [
      entry({ id: 'l1', activity: 'patient-opened', purpose: 'TRAIN', decision: learning }),
      entry({
        id: 'l2',
        activity: 'patient-opened',
        outcome: 'refused',
        purpose: null,
        decision: null,
        at: '2029-12-01T10:00:00.000Z',
      }),
    ]
    assert.deepEqual(
      (await looks()).map(({ purpose, ground, kind }) => [purpose, ground, kind]),
      [
        ['Egen læring', null, 'ordinary'],
        ['Ingen registrert grunn. Oppslaget ble stoppet.', null, 'refused'],
      ],
    )
  })

  test('tells of what the patient’s own apps read, and names an app that nobody put on a list', async () => {
    const self = { kind: 'citizen', id: EIDE, role: null }
    world.authorizationServer.log = [
      entry({
        actor: self,
        activity: 'fhir-access',
        source: 'gateway',
        client_id: 'app-abc',
        what: { type: 'Patient' },
      }),
      entry({ actor: self, activity: 'log-read', source: 'auth-server' }),
    ]
    assert.deepEqual(
      (await looks()).map(({ who, purpose, source }) => [who, purpose, source]),
      [['Du selv', 'Ditt eget valg', 'En app utenfor sykehusets liste (app-abc)']],
    )
  })

  test('reaches back to the first look, whatever an app asks in between', async () => {
    const emergency = entry({ decision: { id: 'd1', template: 'BLAALYS' } })
    const polling = Array.from({ length: 1500 }, (_, at) => entry({ id: `p${at}`, client_id: 'nutrition' }))
    world.authorizationServer.log = [...polling, emergency]
    assert.deepEqual(
      (await looks()).map(({ kind, times }) => [kind, times]),
      [
        ['ordinary', 1500],
        ['emergency', 1],
      ],
    )
    const kept: readonly object[] = Array.from({ length: 3000 }, (_, at) =>
      entry({ id: `o${at}`, at: new Date(Date.UTC(2029, 0, 1) - at * 7_200_000).toISOString() }),
    )
    world.authorizationServer.log = [...kept, emergency]
    const first = readLog((await eide.get('log')).body, 'log')
    assert.ok(first.older !== null && first.looks.length >= 50)
    let [older, seen, last]: [string | null, number, string | undefined] = [first.older, first.looks.length, undefined]
    while (older !== null) {
      const page = readLog((await eide.get(`log?cursor=${encodeURIComponent(older)}`)).body, 'log')
      older = page.older
      seen += page.looks.length
      last = page.looks.at(-1)?.kind
    }
    assert.deepEqual([seen, last], [3001, 'emergency'])
    for (const strange of ['cursor=none', 'cursor=', 'page=2'])
      assert.equal((await eide.get(`log?${strange}`)).body['error'], 'invalid_request', strange)
  })

  test('is asked for this patient, on this citizen’s behalf, and for nobody else', async () => {
    await looks()
    const last = world.authorizationServer.logReaders.at(-1) ?? ''
    assert.match(last, new RegExp(`^/audit/patient/${EIDE}\\?for=patient&\\S* ${EIDE}$`))
    for (const path of ['log?patient=cdp1001', 'log/cdp1001', 'log?reader=stf101']) await eide.get(path)
    assert.equal(
      world.authorizationServer.logReaders.some((asked) => asked.includes('cdp1001')),
      false,
    )
  })

  test('gives the person’s own words for why, and never those about another patient', async () => {
    const bakke = world.screen()
    await bakke.signIn('bakke')
    const take = async (patient: string) =>
      readTaken((await bakke.post('access', { patient, ground: 'TILSYN', reason: REASON })).body, 'taken').decision
    const actor = { kind: 'clinician', id: 'stf104', role: 'agb104' }
    const about = async (patient: string) => {
      const decision = { id: await take(patient), template: 'TILSYN', user_selected: true }
      world.authorizationServer.log = [entry({ activity: 'self-authorized', actor, decision })]
      return (await looks())[0]
    }
    const own = await about(EIDE)
    assert.deepEqual([own?.reason, own?.what], [REASON, 'Ga seg selv tilgang til journalen'])
    assert.equal((await about('cdp1006'))?.reason, '')
  })

  test('marks an emergency and gives its words also where the look found nothing', async () => {
    const roed = world.screen()
    await roed.signIn('roed')
    const reason = 'Bevisstløs på vei inn, trenger opplysninger nå'
    const taken = (await roed.post('access', { patient: EIDE, ground: 'BLAALYS', reason })).body
    const decision = { id: readTaken(taken, 'taken').decision, template: null, user_selected: true }
    const actor = { kind: 'clinician', id: 'stf106', role: 'agb106' }
    world.authorizationServer.log = [entry({ activity: 'fhir-access', purpose: 'ETREAT', actor, decision })]
    const [look] = await looks()
    assert.deepEqual([look?.kind, look?.ground, look?.reason], ['emergency', 'Blålys', reason])
  })

  test('holds no national id of anybody, whatever stands in the log', async () => {
    world.authorizationServer.log = [
      entry(),
      entry({ actor: { kind: 'clinician', id: 'stf104', role: 'agb104' }, outcome: 'refused' }),
      entry({ actor: { kind: 'client', id: 'export', role: null } }),
      entry({ actor: { kind: 'clinician', id: 'gone', role: 'gone' } }),
    ]
    const { body } = await eide.get('log')
    assert.doesNotMatch(JSON.stringify(body), /\b\d{11}\b/)
    assert.deepEqual(
      (await looks()).map(({ who, kind }) => [who, kind]),
      [
        ['Eva Nordmann', 'ordinary'],
        ['Tor Bakke', 'refused'],
        ['Et system', 'ordinary'],
        ['Tidligere ansatt', 'ordinary'],
      ],
    )
  })

  test('joins what an app asked for in one go, and keeps apart what was a look of its own', async () => {
    const read = (minute: string, type: string) =>
      entry({ id: minute, at: `2030-01-01T10:${minute}:00.000Z`, activity: 'fhir-access', what: { type } })
    const early = entry({ id: 'early', at: '2030-01-01T07:00:00.000Z' })
    world.authorizationServer.log = [
      read('40', 'Observation'),
      read('20', 'Condition'),
      read('05', 'Observation'),
      early,
    ]
    const all = await looks()
    assert.deepEqual(
      all.map(({ times, what }) => [times, what]),
      [
        [3, 'Målinger og prøvesvar, diagnoser'],
        [1, 'Journalen'],
      ],
    )
    assert.equal(all[0]?.from.toISOString(), '2030-01-01T10:05:00.000Z')
  })

  test('says so when the log cannot be read, rather than that nobody looked', async () => {
    world.authorizationServer.mood = 'away'
    const answer = await eide.get('log')
    world.authorizationServer.mood = 'well'
    assert.deepEqual([answer.status, answer.body['error']], [503, 'log_unavailable'])
  })
})
