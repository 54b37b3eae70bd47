import { expect, test } from '@playwright/test'
import { addresses } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { launchAs, stateApp, stateClient, stateDoorOf, stateOf } from './app-state-client.ts'
import { CLIENT_KINDS, registerClient } from './client-kinds.ts'
import { launchFromWorkSurface, seededApp } from './host-launch.ts'
import { exchangeForm, kindNamed, launchToTokens } from './launched.ts'
import { askForCode, authorizationRequest, openFromHost } from './launches.ts'
import { runningTarget, useServer } from './running-world.ts'
import { askForTokens, readFhir, type Tokens } from './tokens.ts'

const BASE = 'openid fhirUser offline_access'
const server = useServer()
const target = runningTarget()

const ehr = async (scope: string): Promise<Tokens> =>
  (await launchToTokens(target, server(), { scope: `launch ${BASE} ${scope}` })).tokens

async function standalone(scope: string): Promise<Tokens> {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kindNamed('public'), { scope: `${BASE} ${scope}`, keyServer })
  const request = authorizationRequest(target, client, undefined)
  const redirect = await askForCode(new HttpBrowser(), target, smart, client, request.parameters)
  return askForTokens(client, smart.token_endpoint, exchangeForm({ client, request, redirect }))
}

const status = async (tokens: Tokens, path: string): Promise<number> =>
  (await readFhir(target, tokens.access_token, path)).status

async function clientsOf(method: string): Promise<void> {
  const kinds = CLIENT_KINDS.filter((kind) => kind.method === method)
  expect(kinds.length).toBeGreaterThan(0)
  for (const kind of kinds) expect((await launchToTokens(target, server(), { kind })).tokens.access_token).toBeTruthy()
}

const vitals = 'category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs'

/** What each capability promises (SMART App Launch 2.2.0, "Capabilities"), as something that either happens or does not. */
const PROMISES: Readonly<Record<string, () => Promise<void>>> = {
  'launch-ehr': async () => expect((await ehr('patient/Patient.r')).patient).toBeTruthy(),
  'launch-standalone': async () =>
    expect((await standalone('launch/patient patient/Patient.r')).access_token).toBeTruthy(),
  'authorize-post': async () => {
    const { smart, keyServer } = server()
    const client = await registerClient(smart, kindNamed('public'), { scope: `launch ${BASE}`, keyServer })
    const browser = new HttpBrowser()
    const { parameters } = authorizationRequest(target, client, await openFromHost(browser, target, client))
    const body = new URLSearchParams(parameters).toString()
    const step = await browser.walk(await browser.post(smart.authorization_endpoint, 'https://app.example', {}, body))
    expect(new URL(step.location ?? 'about:blank').searchParams.get('code')).toBeTruthy()
  },
  'client-public': () => clientsOf('none'),
  'client-confidential-symmetric': async () => {
    for (const method of ['client_secret_basic', 'client_secret_post']) await clientsOf(method)
  },
  'client-confidential-asymmetric': () => clientsOf('private_key_jwt'),
  'sso-openid-connect': async () => expect((await ehr('patient/Patient.r')).id_token).toBeTruthy(),
  'context-banner': async () => expect(typeof (await ehr('patient/Patient.r'))['need_patient_banner']).toBe('boolean'),
  'context-style': async () => {
    const world = addresses()
    const scope = 'launch openid fhirUser online_access patient/Patient.r'
    const app = seededApp('nutrition', world.app(1), scope)
    const tokens = await launchFromWorkSurface(target, server().smart, world.host, app, 'cdp1004')
    const style = await fetch(String(tokens['smart_style_url']))
    expect([style.status, style.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    expect(Object.keys((await style.json()) as object)).toContain('color_background')
  },
  'context-ehr-patient': async () => {
    const tokens = await ehr('patient/Patient.r')
    expect(await status(tokens, `Patient/${tokens.patient}`)).toBe(200)
  },
  'context-ehr-encounter': async () => {
    const world = addresses()
    const app = seededApp('bliksund-live', world.app(2), 'launch openid fhirUser online_access patient/Encounter.rs')
    const tokens = await launchFromWorkSurface(target, server().smart, world.host, app, 'cdp1004')
    expect(await status(tokens, `Encounter/${String(tokens['encounter'])}`)).toBe(200)
  },
  'context-standalone-patient': async () =>
    expect((await standalone('launch/patient patient/Patient.r')).patient).toBeTruthy(),
  'context-standalone-encounter': async () => {
    const tokens = await standalone('launch/patient launch/encounter patient/Encounter.r')
    expect(await status(tokens, `Encounter/${String(tokens['encounter'])}`)).toBe(200)
  },
  'permission-offline': async () => expect((await ehr('patient/Patient.r')).scope).toContain('offline_access'),
  'permission-online': async () => {
    const scope = 'launch openid fhirUser online_access patient/Patient.r'
    const { client, tokens } = await launchToTokens(target, server(), { scope })
    const again = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    expect((await askForTokens(client, server().smart.token_endpoint, again)).scope).toContain('online_access')
  },
  'permission-patient': async () => {
    const tokens = await ehr('patient/Observation.rs')
    expect(await status(tokens, `Observation?patient=${tokens.patient}`)).toBe(200)
  },
  'permission-user': async () => expect(await status(await ehr('user/Encounter.rs'), 'Encounter?_count=5')).toBe(200),
  'permission-v1': async () => {
    const tokens = await ehr('patient/Observation.read')
    expect(tokens.scope).toContain('patient/Observation.read')
    expect(await status(tokens, `Observation?patient=${tokens.patient}`)).toBe(200)
  },
  'permission-v2': async () => {
    const tokens = await ehr(`patient/Observation.rs?${vitals}`)
    expect(tokens.scope).toContain(`patient/Observation.rs?${vitals}`)
    expect(await status(tokens, `Observation?patient=${tokens.patient}&_count=5`)).toBe(200)
  },
  'smart-app-state': async () => {
    const { smart } = server()
    const { client, code } = await stateApp(server())
    const tokens = await launchAs(target, smart, client)
    const door = stateClient(stateDoorOf(smart), tokens)
    const subject = `${target.fhirBase}/Patient/${tokens.patient}`
    const { body } = await door.create(stateOf(code, subject, 'kept'))
    expect(await door.find(code, subject)).toEqual([body.id])
    const { etag } = await door.update(body.id, stateOf(code, subject, 'changed'), 'W/"1"')
    expect([(await door.remove(body.id, 'W/"1"')).status, (await door.remove(body.id, etag)).status]).toEqual([
      412, 204,
    ])
  },
}

test('every capability that discovery lists is kept, and none is listed that nothing here can keep', async () => {
  const { capabilities } = server().smart
  expect(capabilities.filter((name) => !(name in PROMISES))).toEqual([])
  for (const name of capabilities) await test.step(name, () => PROMISES[name]?.() ?? Promise.resolve())
})
