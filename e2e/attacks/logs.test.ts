import { expect, test } from '@playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addresses, OUS } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { authorize, exchange, fhir, offer, postJson, registerApp, start, type Json } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'

test('the logs of a whole journey hold no token, code, handle, secret address, name or national id', async () => {
  const world = addresses()
  const app = await registerApp(world, OUS, SCOPE)
  const browser = new HttpBrowser()
  const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId, patient: 'cdp1004' })
  const { launch } = await start(browser, start_url)
  const { redirect, verifier, state } = await authorize(browser, world, OUS, app, launch)
  const code = redirect?.searchParams.get('code') ?? ''
  const { body } = await exchange(world, OUS, app, code, verifier)
  const access = String(body['access_token'])
  const patient = await fhir(world, OUS, access, 'Patient/cdp1004')
  expect(patient.status).toBe(200)
  await fhir(world, OUS, `${access}x`, 'Patient/cdp1004')
  const refreshed = await exchange(world, OUS, app, '', '', {
    grant_type: 'refresh_token',
    refresh_token: String(body['refresh_token']),
    redirect_uri: '',
  })
  await exchange(world, OUS, app, code, verifier) // a replay, which is logged too
  await postJson(`${world.issuer(OUS)}/launches`, { client_id: 'x' }, { authorization: `Bearer ${access}` })
  await fetch(`${world.host}/${OUS}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.host },
    body: JSON.stringify({ username: 'nordmann', password: 'not-the-password-1' }),
  })

  const name = (patient.json['name'] as readonly { family: string; given: readonly string[] }[])[0]
  const nationalId = (patient.json['identifier'] as readonly Json[])
    .map((identifier) => String(identifier['value']))
    .find((value) => /^\d{11}$/.test(value))
  const secrets = {
    'start secret': new URL(start_url).pathname.split('/').at(-1),
    handle: launch,
    code,
    verifier,
    state,
    'access token': access,
    'access token signature': access.split('.').at(-1),
    'refresh token': body['refresh_token'],
    'rotated refresh token': refreshed.body['refresh_token'],
    'id token': body['id_token'],
    'family name': name?.family,
    'given name': name?.given[0],
    'national id': nationalId,
    password: 'not-the-password-1',
  }
  const logs = process.env['UTHOPP_E2E_LOGS'] ?? ''
  const text = readdirSync(logs)
    .map((file) => readFileSync(join(logs, file), 'utf8'))
    .join('\n')
  expect(text).toContain('/token')
  for (const [what, secret] of Object.entries(secrets)) {
    expect(typeof secret === 'string' && secret.length >= 4, what).toBe(true)
    expect(text.includes(String(secret)), `${what} stands in a log`).toBe(false)
  }
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\./)
  // One trace id in fifty holds eleven digits in a row by chance.
  const withoutIds = text.replaceAll(/\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g, '')
  expect(withoutIds).not.toMatch(/(?<!\d)\d{11}(?!\d)/)
})
