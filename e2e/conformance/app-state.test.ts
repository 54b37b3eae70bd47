import { expect, test } from '@playwright/test'
import { APP_ORIGIN, launchAs, stateApp, stateClient, stateDoorOf, stateOf } from './app-state-client.ts'
import { registerClient } from './client-kinds.ts'
import { kindNamed } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'

const server = useServer()
const target = runningTarget()
const [NORDMANN, LUND] = [{ user: 'stf101' }, { user: 'stf103' }]
const [BERG, LIEN] = [{ patient: 'cdp1001' }, { patient: 'cdp1002' }]
const about = (reference: string): string => `${target.fhirBase}/${reference}`

test('two apps, two users and two patients never see each other’s state, and a stale version changes nothing (SAL-213 to SAL-221)', async () => {
  const { smart } = server()
  const door = stateDoorOf(smart)
  expect(smart.capabilities).toContain('smart-app-state')
  const [one, two] = [await stateApp(server()), await stateApp(server())]
  const mine = stateClient(door, await launchAs(target, smart, one.client, { ...NORDMANN, ...BERG }))
  const [me, berg] = [about('Practitioner/stf101'), about('Patient/cdp1001')]

  const aboutMe = await mine.create(stateOf(one.code, me, 'mine'))
  expect([aboutMe.status, aboutMe.etag]).toEqual([201, 'W/"1"'])
  const aboutBerg = await mine.create(stateOf(one.code, berg, 'of the patient'))
  expect(aboutBerg.status).toBe(201)
  expect(await mine.find(one.code, me)).toEqual([aboutMe.body.id])

  const otherApp = stateClient(door, await launchAs(target, smart, two.client, { ...NORDMANN, ...BERG }))
  expect(await otherApp.find(one.code, me)).toBe(403)
  expect(await otherApp.find(two.code, me)).toEqual([])
  expect((await otherApp.create(stateOf(one.code, me, 'stolen'))).status).toBe(403)
  expect((await otherApp.remove(aboutMe.body.id, 'W/"1"')).status).toBe(412)

  const otherUser = stateClient(door, await launchAs(target, smart, one.client, { ...LUND, ...BERG }))
  expect(await otherUser.find(one.code, me)).toBe(403)
  expect(await otherUser.find(one.code, berg)).toEqual([aboutBerg.body.id])
  expect((await otherUser.update(aboutMe.body.id, stateOf(one.code, me, 'x'), 'W/"1"')).status).toBe(412)

  const otherPatient = stateClient(door, await launchAs(target, smart, one.client, { ...NORDMANN, ...LIEN }))
  expect(await otherPatient.find(one.code, berg)).toBe(403)
  expect((await otherPatient.remove(aboutBerg.body.id, 'W/"1"')).status).toBe(412)
  expect(await otherPatient.find(one.code, me)).toEqual([aboutMe.body.id])

  const next = stateOf(one.code, me, 'next')
  const replaced = await mine.update(aboutMe.body.id, next, aboutMe.etag)
  expect([replaced.status, replaced.etag]).toEqual([200, 'W/"2"'])
  expect((await mine.update(aboutMe.body.id, next, aboutMe.etag)).status).toBe(412)
  expect((await mine.update(aboutMe.body.id, stateOf(one.code, berg, 'moved'), 'W/"2"')).status).toBe(412)
  expect((await mine.remove(aboutMe.body.id, 'W/"2"')).status).toBe(204)
  expect((await mine.remove(aboutMe.body.id, 'W/"2"')).status).toBe(412)
  expect(await mine.find(one.code, me)).toEqual([])
})

test('state about nobody needs the trust’s word to be written, and what is larger than 256 kB is not kept', async () => {
  const { smart } = server()
  const door = stateDoorOf(smart)
  const app = await stateApp(server())
  const plain = stateClient(door, await launchAs(target, smart, app.client))
  expect((await plain.create(stateOf(app.code, undefined, 'for all'))).status).toBe(403)
  expect((await plain.create(stateOf(app.code, about('Practitioner/stf101'), 'x'.repeat(256 * 1024)))).status).toBe(413)

  const admin = await stateApp(server(), ' __app_state.global')
  const writer = stateClient(door, await launchAs(target, smart, admin.client, NORDMANN))
  const kept = await writer.create(stateOf(admin.code, undefined, 'for all'))
  expect(kept.status).toBe(201)
  const reader = stateClient(door, await launchAs(target, smart, admin.client, LUND))
  expect(await reader.find(admin.code, undefined)).toEqual([kept.body.id])
})

test('an app that asks for all of Basic is given the state of its own origin, and none of another', async () => {
  const { smart, keyServer } = server()
  const scope = 'launch openid fhirUser offline_access patient/Patient.r user/Basic.cuds'
  const client = await registerClient(smart, kindNamed('public'), { scope, keyServer })
  const tokens = await launchAs(target, smart, client)
  expect(tokens.scope.split(' ')).toContain(`user/Basic.cuds?code=${APP_ORIGIN}|`)
  const app = stateClient(stateDoorOf(smart), tokens)
  const subject = about(`Patient/${tokens.patient}`)
  expect((await app.create(stateOf(`${APP_ORIGIN}|anything`, subject, 'kept'))).status).toBe(201)
  expect((await app.create(stateOf('https://somebody.example|anything', subject, 'kept'))).status).toBe(403)
})

test('a state code of another origin is never issued for writing (SAL-221)', async () => {
  const { smart } = server()
  const foreign = 'user/Basic.cuds?code=https://somebody.example|prefs'
  const { client } = await stateApp(server(), ` ${foreign}`)
  const { scope } = await launchAs(target, smart, client)
  expect(scope.split(' ')).toContain('user/Basic.s?code=https://somebody.example|prefs')
  expect(scope.split(' ')).not.toContain(foreign)
})
