import { expect, test } from '@playwright/test'
import { addresses } from '../lib/addresses.ts'
import { launchFromWorkSurface, seededApp } from './host-launch.ts'
import { runningTarget, useServer } from './running-world.ts'
import { askForTokens, postAs, readFhir, waitUntilRefused } from './tokens.ts'

const server = useServer()
const target = runningTarget()

test('when the clinician signs out of the host, an online app can refresh no more and its access token dies within seconds', async () => {
  const world = addresses()
  const scope = 'launch openid fhirUser online_access patient/Patient.r'
  const app = seededApp('nutrition', world.app(1), scope)
  const open = () => launchFromWorkSurface(target, server().smart, world.host, app, 'cdp1004')
  const [ending, other] = [await open(), await open()]
  const refresh = (token: string) => ({ grant_type: 'refresh_token', refresh_token: token })
  const { token_endpoint: endpoint } = server().smart
  const latest = await askForTokens(app, endpoint, refresh(ending.refresh_token))
  expect((await readFhir(target, latest.access_token, 'Patient/cdp1004')).status).toBe(200)

  expect(await ending.signOut()).toBe(204)
  const refused = await postAs(app, endpoint, refresh(latest.refresh_token))
  expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
  await waitUntilRefused(target, latest.access_token, 'Patient/cdp1004')
  expect((await readFhir(target, other.access_token, 'Patient/cdp1004')).status).toBe(200)
  expect((await askForTokens(app, endpoint, refresh(other.refresh_token))).patient).toBe('cdp1004')
})
