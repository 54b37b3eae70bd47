import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Task } from '@medplum/fhirtypes'
import { parseLaunchIntent } from '@uthopp/smart-core/launch/intent'
import { isProblem } from '@uthopp/smart-core/problem'
import { startSurfaceWorld, type Screen, type SurfaceWorld } from './surface-world.ts'

const LAUNCH = 'http://127.0.0.1:9/launch.html'
const smart = (code: string) => ({
  coding: [{ system: 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes', code }],
})
const asking = (address: string, appContext?: string): NonNullable<Task['input']> => [
  { type: smart('smartonfhir-application'), valueUrl: address },
  ...(appContext === undefined ? [] : [{ type: smart('smartonfhir-appcontext'), valueString: appContext }]),
]
const aTask = (id: string, changes: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id,
  status: 'requested',
  intent: 'order',
  code: smart('launch-app-ehr'),
  description: `Oppgave ${id}`,
  for: { reference: 'Patient/cdp1004' },
  encounter: { reference: 'Encounter/enc1004' },
  authoredOn: '2030-01-01T10:00:00Z',
  input: asking(LAUNCH, '{"compare": true}'),
  ...changes,
})

const { encounter: _encounter, ...BARE } = aTask('t-bare', { input: asking(LAUNCH) })
const TASKS: readonly Task[] = [
  aTask('t-good', { priority: 'routine' }),
  aTask('t-urgent', { priority: 'urgent' }),
  BARE,
  aTask('t-elsewhere', { input: asking('https://evil.example/launch.html', 'x') }),
  aTask('t-nearly', { input: asking(`${LAUNCH}?iss=https://evil.example`) }),
  aTask('t-script', { input: asking('javascript:alert(1)') }),
  aTask('t-other', { for: { reference: 'Patient/cdp1002' }, encounter: { reference: 'Encounter/enc1002' } }),
  aTask('t-mixed', { encounter: { reference: 'Encounter/enc1002' } }),
  aTask('t-done', { status: 'completed' }),
  aTask('t-plain', { code: { text: 'Ring pårørende' } }),
  aTask('t-alone', { code: smart('launch-app-standalone'), input: asking(LAUNCH) }),
  aTask('t-led', { code: smart('launch-app-standalone'), input: asking(`${LAUNCH}?iss=https://evil.example/fhir`) }),
  aTask('t-query', { code: smart('launch-app-standalone'), input: asking(`${LAUNCH}?a=b`) }),
  aTask('t-two', { input: [...asking('https://evil.example/launch.html'), ...asking(LAUNCH)] }),
  aTask('t-two-words', { input: [...asking(LAUNCH, 'x'), ...asking(LAUNCH, 'y').slice(1)] }),
  aTask('t-long', { input: asking(LAUNCH, 'x'.repeat(4097)) }),
  aTask('t-full', { input: asking(LAUNCH, 'x'.repeat(4096)) }),
  aTask('t-theirs', { owner: { reference: 'Practitioner/stf102' } }),
  aTask('t-unknown', { owner: { display: 'Eva Nordmann' } }),
  aTask('t-mine', { owner: { reference: 'Practitioner/stf101' } }),
  aTask('t-role', { owner: { reference: 'PractitionerRole/agb101' } }),
  aTask('t-unit', { owner: { reference: 'Organization/afa101' } }),
  aTask('t-other-unit', { owner: { reference: 'Organization/afa102' } }),
]

let world: SurfaceWorld
let nordmann: Screen
before(async () => {
  world = await startSurfaceWorld()
  for (const task of TASKS) await world.store().updateResource(task)
  nordmann = world.screen()
  await nordmann.signIn('nordmann')
})
after(() => world.close())

const wish = (task: string, changes: object = {}) => ({
  app: 'pacs-viewer',
  workspace: 'workspace-1',
  patient: 'cdp1004',
  task,
  ...changes,
})
const faceOf = async (id: string): Promise<Readonly<Record<string, unknown>>> => {
  const tasks = (await nordmann.get('patients/cdp1004')).body['tasks'] as readonly Record<string, unknown>[]
  return tasks.find((each) => each['id'] === id) ?? {}
}
const lastHeard = () => world.authorizationServer.heard.at(-1)?.body ?? {}

describe('a task that asks for an app', () => {
  test('is offered with the task’s patient, encounter, app context and address (SAL-111)', async () => {
    const answer = await nordmann.post('launches', wish('t-good'))
    assert.equal(answer.status, 201)
    const { patient, encounter, appContext, launch_uri: address } = lastHeard()
    assert.deepEqual([patient, encounter, appContext, address], ['cdp1004', 'enc1004', '{"compare": true}', LAUNCH])
    assert.equal(isProblem(parseLaunchIntent(lastHeard())), false)
  })

  test('that names no encounter is offered without one, whatever stay goes on', async () => {
    assert.equal((await nordmann.post('launches', wish('t-bare'))).status, 201)
    assert.equal('encounter' in lastHeard(), false)
    assert.equal('appContext' in lastHeard(), false)
  })

  test('is on the chart of its patient, the urgent first, and only while it is open', async () => {
    const { body } = await nordmann.get('patients/cdp1004')
    const tasks = body['tasks'] as readonly Record<string, unknown>[]
    assert.equal(tasks[0]?.['id'], 't-urgent')
    const ids = tasks.map(({ id }) => id)
    for (const absent of ['t-other', 't-done', 't-plain']) assert.equal(ids.includes(absent), false, absent)
    assert.deepEqual(tasks.find(({ id }) => id === 't-good')?.['app'], 'pacs-viewer')
  })

  test('whose address no app has registered is shown without a way into it (SAL-112)', async () => {
    const tasks = (await nordmann.get('patients/cdp1004')).body['tasks'] as readonly Record<string, unknown>[]
    for (const id of ['t-elsewhere', 't-nearly', 't-script']) {
      const task = tasks.find((each) => each['id'] === id)
      assert.deepEqual([task?.['app'], task?.['address']], [null, null], id)
    }
  })

  test('for an app that starts by itself is an address to open, and never an offer', async () => {
    const tasks = (await nordmann.get('patients/cdp1004')).body['tasks'] as readonly Record<string, unknown>[]
    assert.equal(tasks.find(({ id }) => id === 't-alone')?.['address'], LAUNCH)
    assert.equal((await nordmann.post('launches', wish('t-alone'))).body['error'], 'task_not_available')
  })

  test('cannot lead an app that starts by itself to another server: no query, whatever it says (SAL-112)', async () => {
    for (const id of ['t-led', 't-query']) {
      const { app, address, hindrance } = await faceOf(id)
      assert.deepEqual([app, address, hindrance], [null, null, 'app-not-here'], id)
    }
  })

  test('is shown and cannot be started where it asks for two things, or says more than an app is told', async () => {
    for (const id of ['t-two', 't-two-words', 't-long']) {
      const { app, hindrance } = await faceOf(id)
      assert.deepEqual([app, hindrance], [null, 'malformed'], id)
    }
    assert.equal((await faceOf('t-full'))['app'], 'pacs-viewer')
  })

  test('is for its owner to start: the person, their role, their department', async () => {
    for (const id of ['t-mine', 't-role', 't-unit']) assert.equal((await faceOf(id))['hindrance'], null, id)
    for (const id of ['t-theirs', 't-unknown', 't-other-unit']) {
      const { app, hindrance } = await faceOf(id)
      assert.deepEqual([app, hindrance], [null, 'not-yours'], id)
    }
    assert.equal((await faceOf('t-theirs'))['owner'], 'Fjell, Jon')
  })
})

describe('a launch by a task', () => {
  const refused = [
    ['of another patient', wish('t-other'), 'task_not_available'],
    ['of a patient the role has nothing to do with', wish('t-good', { patient: 'cdp1006' }), 'patient_not_available'],
    ['that nobody has written', wish('t-none'), 'task_not_available'],
    ['that is done', wish('t-done'), 'task_not_available'],
    ['that asks for no app', wish('t-plain'), 'task_not_available'],
    ['that mixes two patients', wish('t-mixed'), 'encounter_not_available'],
    ['whose address is not registered', wish('t-elsewhere'), 'task_app_not_available'],
    ['whose address is nearly the registered one', wish('t-nearly'), 'task_app_not_available'],
    ['whose address is a script', wish('t-script'), 'task_app_not_available'],
    ['that asks for two apps', wish('t-two'), 'task_malformed'],
    ['that says more than an app is told', wish('t-long'), 'task_malformed'],
    ['that is somebody else’s', wish('t-theirs'), 'task_not_yours'],
    ['of another department', wish('t-other-unit'), 'task_not_yours'],
    ['for another app than it names', wish('t-good', { app: 'bliksund-live' }), 'task_app_not_available'],
  ] as const
  for (const [what, asked, code] of refused) {
    test(`${what} is refused before the authorization server hears of it`, async () => {
      const before = world.authorizationServer.heard.length
      const answer = await nordmann.post('launches', asked)
      assert.deepEqual([answer.status, answer.body['error']], [403, code])
      assert.equal(world.authorizationServer.heard.length, before)
    })
  }

  for (const malformed of [
    wish('t-good', { encounter: 'enc1002' }),
    wish('t-good', { study: 'img1004-1' }),
    wish('t-good', { appContext: 'mine' }),
    wish('t-good', { launch_uri: LAUNCH }),
    wish('Task/t-good'),
    { app: 'bliksund-live', workspace: 'workspace-1', task: 't-good' },
  ])
    test(`${JSON.stringify(malformed)} is no wish: the context is the task’s alone`, async () => {
      const answer = await nordmann.post('launches', malformed)
      assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_request'])
    })
})
