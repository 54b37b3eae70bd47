import { createHash, randomBytes } from 'node:crypto'
import { Browser, type BrowserAnswer } from './browser.ts'
import { callApi, json, postForm, type World } from './world.ts'
import { OUS } from './stub-host.ts'

export const INTENT = {
  client_id: 'pacs-viewer',
  user: 'stf101',
  role: 'agb101',
  patient: 'cdp1001',
  session: 'session-1',
  workspace: 'tab-1',
} as const

export type Offered = {
  readonly launch: string
  readonly startUrl: string
  readonly launchUrl: string
}

export async function offer(
  world: World,
  intent: Readonly<Record<string, unknown>> = {},
  options: { readonly orgnr?: string; readonly as?: 'host' | 'launcher' } = {},
): Promise<Offered> {
  const answer = await callApi(world, '/launches', { ...INTENT, ...intent }, options)
  const body = await json(answer)
  if (answer.status !== 201) throw new Error(`offer refused: ${answer.status} ${JSON.stringify(body)}`)
  return {
    launch: String(body['launch']),
    startUrl: String(body['start_url']),
    launchUrl: String(body['launch_url']),
  }
}

/** The form the work surface submits into its frame. */
export const submitStart = (world: World, browser: Browser, startUrl: string): Promise<BrowserAnswer> =>
  browser.navigate(startUrl, {
    method: 'POST',
    headers: { origin: world.host.origin, 'content-type': 'application/x-www-form-urlencoded' },
  })

export const locationOf = (answer: BrowserAnswer): URL => new URL(answer.headers.get('location') ?? 'missing:')

/** The public id of the launch whose proof the browser got last; the host never learns it. */
export const launchIdIn = (browser: Browser): string =>
  ([...browser.cookies.keys()].at(-1) ?? '').replace('__Host-launch-', '')

/** Start and check hop; answers where the app is opened. */
export async function start(world: World, browser: Browser, offered: Offered): Promise<URL> {
  const started = await submitStart(world, browser, offered.startUrl)
  const checked = await browser.navigate(locationOf(started).href)
  return locationOf(checked)
}

export type Authorizing = {
  readonly url: string
  readonly verifier: string
  readonly state: string
  readonly redirectUri: string
  readonly clientId: string
}

/** The authorization request an app builds from what it was launched with. */
export function authorizing(
  world: World,
  handle: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  orgnr = OUS,
): Authorizing {
  const verifier = randomBytes(32).toString('base64url')
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'pacs-viewer',
    redirect_uri: 'http://localhost:4101/index.html',
    scope: 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs',
    state: randomBytes(16).toString('base64url'),
    aud: world.fhirBase(orgnr),
    launch: handle,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value)
  return {
    url: `${world.issuer(orgnr)}/auth?${query.toString()}`,
    verifier,
    state: parameters['state'] ?? '',
    redirectUri: parameters['redirect_uri'] ?? '',
    clientId: parameters['client_id'] ?? '',
  }
}

export const exchange = (
  world: World,
  request: Authorizing,
  code: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  orgnr = OUS,
): Promise<Response> => {
  const form: Record<string, string> = {}
  const all = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: request.redirectUri,
    client_id: request.clientId,
    code_verifier: request.verifier,
    ...changes,
  }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form[name] = value
  return postForm(`${world.issuer(orgnr)}/token`, form)
}

/** Offer, start, check and authorize; answers the code's redirect. */
export async function authorize(
  world: World,
  browser: Browser,
  intent: Readonly<Record<string, unknown>> = {},
  changes: Readonly<Record<string, string | undefined>> = {},
  orgnr = OUS,
) {
  const offered = await offer(world, intent, { orgnr })
  const opened = await start(world, browser, offered)
  const request = authorizing(world, opened.searchParams.get('launch') ?? '', changes, orgnr)
  const answer = await browser.navigate(request.url)
  return { offered, request, answer, redirect: locationOf(answer) }
}

/** A whole launch; answers the token response. */
export async function launch(
  world: World,
  browser = new Browser(),
  intent: Readonly<Record<string, unknown>> = {},
  changes: Readonly<Record<string, string | undefined>> = {},
  orgnr = OUS,
) {
  const authorized = await authorize(world, browser, intent, changes, orgnr)
  const code = authorized.redirect.searchParams.get('code')
  if (code === null) throw new Error(`no code: ${authorized.answer.status} ${authorized.redirect.search}`)
  const answer = await exchange(world, authorized.request, code, {}, orgnr)
  const tokens = await json(answer)
  if (answer.status !== 200) throw new Error(`no token: ${JSON.stringify(tokens)}`)
  return { ...authorized, code, tokens }
}

/** As fhirclient sends it for public apps: without `client_id`. */
export const refresh = (
  world: World,
  refreshToken: unknown,
  changes: Readonly<Record<string, string>> = {},
  orgnr = OUS,
): Promise<Response> =>
  postForm(`${world.issuer(orgnr)}/token`, {
    grant_type: 'refresh_token',
    refresh_token: String(refreshToken),
    ...changes,
  })
