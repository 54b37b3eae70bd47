import { expect, test } from '@playwright/test'
import { AHUS, addresses } from '../lib/addresses.ts'
import { type App, fhir, launchApp, postJson, registerApp, type TokenResponse } from '../lib/smart-client.ts'

/** contracts.md §5: what changed counts within this time, also for tokens already issued. */
const EFFECT_MS = 5000
/** A nurse and a patient no other test of the trust leans on. */
const NURSE = { user: 'stf202', role: 'agb202' } as const
const NILSEN = 'cdp2004'
const UNIT = 'lok202'
const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs patient/Condition.rs'

const world = addresses()

const register = async (name: string, entry: unknown) => {
  const { status, body } = await postJson(`${world.launcher}/api/facts`, { tenant: AHUS, register: name, entry })
  expect(status, JSON.stringify(body)).toBeLessThan(300)
  return body
}
const patientAdministration = (event: string, more: object = {}) =>
  register('adt', { event, patient: NILSEN, unit: UNIT, at: new Date().toISOString(), ...more })

const read = async ({ access_token: token }: TokenResponse, path: string) => {
  const { status, text } = await fhir(world, AHUS, token, path)
  return { status, text }
}
/** The gateway hears of what changed on a stream of its own, and asks anew where an answer of the host was late. */
const opens = (tokens: TokenResponse, path: string) =>
  expect
    .poll(async () => (await read(tokens, path)).status, { timeout: EFFECT_MS, intervals: [100], message: path })
    .toBe(200)
const refresh = async (app: App, token: string) => {
  const answer = await fetch(`${world.issuer(AHUS)}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: app.clientId }),
  })
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> }
}

/** The authorization server hears of a change on a stream of its own, a moment before or after the gateway. */
async function expectNoRefresh(app: App, { refresh_token: first = '' }: TokenResponse): Promise<void> {
  let token = first
  const outcome = async () => {
    const { status, body } = await refresh(app, token)
    if (status === 200) token = String(body['refresh_token'])
    return [status, body['error']]
  }
  await expect.poll(outcome, { timeout: EFFECT_MS, intervals: [100] }).toEqual([400, 'invalid_grant'])
}

test.describe
  .serial('what the registers of the hospital say', () => {
    let app: App
    test.beforeAll(async () => {
      app = await registerApp(world, AHUS, SCOPE)
    })
    const launch = () => launchApp(world, app, { tenant: AHUS, patient: NILSEN, ...NURSE })
    const offer = () =>
      postJson(`${world.launcher}/api/launches`, { tenant: AHUS, client_id: app.clientId, patient: NILSEN, ...NURSE })

    test('opens no launch for somebody the patient has nothing to do with, and says why', async () => {
      const { status, body } = await offer()
      expect(status).toBe(403)
      expect(JSON.stringify(body)).toContain('no care relation')
    })

    test('opens a chart with an appointment, and closes it within five seconds when that is cancelled, to tokens in use too', async () => {
      await patientAdministration('plan')
      await expect.poll(async () => (await offer()).status, { timeout: EFFECT_MS }).toBe(201)
      const tokens = await launch()
      await opens(tokens, `Patient/${NILSEN}`)
      await opens(tokens, `Observation?patient=${NILSEN}`)
      await patientAdministration('cancel')
      await expect
        .poll(async () => (await read(tokens, `Patient/${NILSEN}`)).status, { timeout: EFFECT_MS, intervals: [100] })
        .toBe(403)
      await expectNoRefresh(app, tokens)
    })

    test('hides what is blocked from tokens in use within five seconds, like what never was, and shows it when the block is lifted', async () => {
      await patientAdministration('plan')
      await expect.poll(async () => (await offer()).status, { timeout: EFFECT_MS }).toBe(201)
      const tokens = await launch()
      await opens(tokens, `Observation?patient=${NILSEN}&_count=1`)
      const found = JSON.parse((await read(tokens, `Observation?patient=${NILSEN}&_count=1`)).text) as {
        readonly entry: readonly { readonly resource: { readonly id: string } }[]
      }
      const id = found.entry[0]?.resource.id ?? ''
      await opens(tokens, `Observation/${id}`)
      const { id: block } = await register('blocks', { patient: NILSEN, kind: 'document', target: `Observation/${id}` })
      await expect
        .poll(async () => (await read(tokens, `Observation/${id}`)).status, { timeout: EFFECT_MS, intervals: [100] })
        .toBe(404)
      const hidden = await read(tokens, `Observation/${id}`)
      const unknown = await read(tokens, 'Observation/never-was')
      const plain = (text: string): string => text.replaceAll(/[0-9a-f]{32}/g, '')
      expect(plain(hidden.text)).toBe(plain(unknown.text))
      expect((await read(tokens, `Observation?patient=${NILSEN}&_id=${id}`)).text).not.toContain(`"${id}"`)
      await register('blocks/lift', { id: block })
      await opens(tokens, `Observation/${id}`)
    })

    test('closes everything to somebody whose licence is suspended, within five seconds, and refresh refuses', async () => {
      const tokens = await launch()
      await opens(tokens, `Patient/${NILSEN}`)
      await register('licences', { user: NURSE.user, active: false })
      try {
        await expect
          .poll(async () => (await read(tokens, `Patient/${NILSEN}`)).status, { timeout: EFFECT_MS, intervals: [100] })
          .toBe(403)
        await expectNoRefresh(app, tokens)
      } finally {
        await register('licences', { user: NURSE.user, active: true })
        await patientAdministration('cancel')
      }
    })
  })
