import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Encounter, ImagingStudy, Resource, Task } from '@medplum/fhirtypes'
import { sql } from '@uthopp/storage/sql'
import { OUS, PASSWORD, type Screen, startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

/** A stay in akuttmottak, where nordmann works; labelled as the patient's block labels it. */
const PATIENT = 'cdp1007'
const BLOCKED = { security: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'NORS' }] }
const subject = { reference: `Patient/${PATIENT}` }
const aStay = (id: string): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  subject,
  period: { start: '2040-01-01T08:00:00Z' },
})
const aStudy = (id: string): ImagingStudy => ({
  resourceType: 'ImagingStudy',
  id,
  status: 'available',
  subject,
  started: '2026-01-01T08:00:00Z',
})
const smart = (code: string) => ({
  coding: [{ system: 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes', code }],
})
const aTask = (id: string): Task => ({
  resourceType: 'Task',
  id,
  status: 'requested',
  intent: 'order',
  code: smart('launch-app-ehr'),
  for: subject,
  input: [
    { type: smart('smartonfhir-application'), valueUrl: 'http://127.0.0.1:9/launch.html' },
    { type: smart('smartonfhir-appcontext'), valueString: 'words about what is blocked' },
  ],
})
const PLAIN: readonly Resource[] = [aStay('enc-open'), aStudy('img-open'), aTask('t-open')]
const HIDDEN: readonly Resource[] = [aStay('enc-blocked'), aStudy('img-blocked'), aTask('t-blocked')]

let world: SurfaceWorld
let nordmann: Screen
before(async () => {
  world = await startSurfaceWorld()
  for (const resource of PLAIN) await world.store().updateResource(resource)
  for (const resource of HIDDEN) await world.store().updateResource({ ...resource, meta: BLOCKED })
  await world.database.acrossTenants.run(sql`insert into care_block (tenant, id, patient, kind, target, starts_at)
    values (${OUS}, 'block-1', ${PATIENT}, 'document', 'ImagingStudy/img-blocked', 0)`)
  nordmann = world.screen()
  await nordmann.signIn('nordmann')
})
after(() => world.close())

const launch = (about: object = {}) =>
  nordmann.post('launches', { app: 'pacs-viewer', workspace: 'workspace-1', patient: PATIENT, ...about })
const lastHeard = () => world.authorizationServer.heard.at(-1)?.body ?? {}

describe('a launch from the work surface', () => {
  test('takes the stay, the study and the task that the chart shows', async () => {
    assert.equal((await launch({ encounter: 'enc-open', study: 'img-open' })).status, 201)
    assert.deepEqual(
      [lastHeard()['encounter'], lastHeard()['fhirContext']],
      ['enc-open', [{ reference: 'ImagingStudy/img-open' }]],
    )
    assert.equal((await launch({ task: 't-open' })).status, 201)
    assert.equal(lastHeard()['appContext'], 'words about what is blocked')
  })

  const kept = [
    ['stay', { encounter: 'enc-blocked' }, { encounter: 'enc-none' }],
    ['study', { study: 'img-blocked' }, { study: 'img-none' }],
    ['task', { task: 't-blocked' }, { task: 't-none' }],
  ] as const
  for (const [what, blocked, unknown] of kept) {
    test(`takes no blocked ${what}, and answers as for one that is not there`, async () => {
      const before = world.authorizationServer.heard.length
      const [answer, nothing] = [await launch(blocked), await launch(unknown)]
      assert.equal(answer.status, 403)
      assert.deepEqual(
        [answer.body['error'], answer.body['error_description']],
        [nothing.body['error'], nothing.body['error_description']],
      )
      assert.equal(world.authorizationServer.heard.length, before)
    })
  }

  test('takes no blocked stay by itself either', async () => {
    // It began later than any other, so it would be the one that goes on now.
    await world
      .store()
      .updateResource({ ...aStay('enc-blocked'), meta: BLOCKED, period: { start: '2041-01-01T08:00:00Z' } })
    assert.equal((await launch()).status, 201)
    assert.equal(lastHeard()['encounter'], 'enc-open')
  })

  test('takes nothing that is open in the chart because a block was lifted', async () => {
    const glass = {
      patient: PATIENT,
      reason: 'Pasienten er bevisstløs, bildene haster',
      confirmed: true,
      password: PASSWORD,
    }
    const opened = await nordmann.post('glass', { ...glass, items: ['ImagingStudy/img-blocked'] })
    assert.equal(opened.status, 201)
    const { body } = await nordmann.get(`patients/${PATIENT}`)
    assert.equal(JSON.stringify(body['imaging']).includes('img-blocked'), true)
    assert.equal((await launch({ study: 'img-blocked' })).body['error'], 'study_not_available')
  })
})
