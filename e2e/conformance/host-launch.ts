import { HttpBrowser } from '../lib/http-browser.ts'
import { postJson } from '../lib/smart-client.ts'
import type { RegisteredClient } from './client-kinds.ts'
import { exchangeForm, kindNamed } from './launched.ts'
import { askForCode, authorizationRequest } from './launches.ts'
import type { SmartConfiguration, Target } from './target.ts'
import { askForTokens, type Tokens } from './tokens.ts'

/** An app the trust approved, as a client of the conformance tests. */
export const seededApp = (clientId: string, origin: string, scope: string): RegisteredClient => ({
  kind: kindNamed('public'),
  clientId,
  clientSecret: undefined,
  key: undefined,
  redirectUri: `${origin}/index.html`,
  launchUri: `${origin}/launch.html`,
  scope,
  authenticate: async (_endpoint, form) => ({ form: { ...form, client_id: clientId }, headers: {} }),
})

/** A launch from a tile of the work surface: the clinician signs in, opens a patient and the app in it, and may sign out. */
export async function launchFromWorkSurface(
  target: Target,
  smart: SmartConfiguration,
  host: string,
  app: RegisteredClient,
  patient: string,
): Promise<Tokens & { signOut(): Promise<number> }> {
  const api = `${host}/${target.tenant}/api`
  const session = await postJson(`${api}/session`, target.person, { origin: host })
  const cookie = session.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const tile = { app: app.clientId, workspace: 'conformance', patient }
  const { status, body } = await postJson(`${api}/launches`, tile, { origin: host, cookie })
  if (status !== 201) throw new Error(`the work surface answered ${status} ${String(body['error'])}`)
  const browser = new HttpBrowser()
  const started = await browser.walk(await browser.post(String(body['start_url']), host))
  const launch = new URL(started.location ?? 'about:blank').searchParams.get('launch') ?? ''
  const request = authorizationRequest(target, app, launch)
  const redirect = await askForCode(browser, target, smart, app, request.parameters)
  const tokens = await askForTokens(app, smart.token_endpoint, exchangeForm({ client: app, request, redirect }))
  const signOut = async () => (await postJson(`${api}/session/end`, {}, { origin: host, cookie })).status
  return { ...tokens, signOut }
}
