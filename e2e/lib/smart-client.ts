import { createHash, randomBytes } from 'node:crypto'
import type { Addresses } from './addresses.ts'
import { comeBack } from './come-back.ts'
import { HttpBrowser, type Step } from './http-browser.ts'

export type Offer = { readonly iss: string; readonly launch: string; readonly start_url: string }
export type OfferRequest = Readonly<Record<string, unknown>> & { readonly tenant: string; readonly client_id: string }
export type TokenResponse = {
  readonly access_token: string
  readonly refresh_token?: string
  readonly id_token?: string
  readonly expires_in: number
  readonly scope: string
  readonly token_type: string
  readonly patient?: string
  readonly encounter?: string
  readonly [member: string]: unknown
}
export type App = {
  readonly clientId: string
  readonly launchUri: string
  readonly redirectUri: string
  readonly scope: string
}
export type Json = Readonly<Record<string, unknown>>
export type Answer = { readonly status: number; readonly body: Json; readonly headers: Headers }

export async function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json().catch(() => ({}))) as Json }
}

async function postForm(url: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  return { status: answer.status, headers: answer.headers, body: (await answer.json().catch(() => ({}))) as Json }
}

/** Offers a launch through the launcher's script API, as a developer's script would. */
export async function offer(world: Addresses, request: OfferRequest): Promise<Offer> {
  const { status, body } = await postJson(`${world.launcher}/api/launches`, request)
  if (status !== 201) throw new Error(`the launcher refused the launch: ${status} ${JSON.stringify(body)}`)
  return body as unknown as Offer // asserted by the launcher's own tests
}

/** Registers a public app whose addresses nobody needs to serve: tests read the redirects themselves. */
export async function registerApp(
  world: Addresses,
  tenant: string,
  scope: string,
  origin = 'http://127.0.0.1:59999',
): Promise<App> {
  const launchUri = `${origin}/launch.html`
  const redirectUri = `${origin}/index.html`
  const { status, body } = await postJson(`${world.issuer(tenant)}/register`, {
    client_name: 'A test of the world',
    launch_uris: [launchUri],
    redirect_uris: [redirectUri],
    scope,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  })
  if (status !== 201) throw new Error(`registration refused: ${status} ${JSON.stringify(body)}`)
  return { clientId: String(body['client_id']), launchUri, redirectUri, scope }
}

/** Opens the start address as the launcher does, through the check hop, to the app's launch page. */
export async function start(
  browser: HttpBrowser,
  startUrl: string,
): Promise<{ readonly iss: string; readonly launch: string; readonly step: Step }> {
  const step = await browser.walk(await browser.get(startUrl))
  const query = new URL(step.location ?? 'about:blank').searchParams
  return { iss: query.get('iss') ?? '', launch: query.get('launch') ?? '', step }
}

export type Authorization = {
  readonly verifier: string
  readonly state: string
  readonly step: Step
  readonly redirect: URL | undefined
}

/** Sends the authorization request of an app; overrides replace or (as undefined) remove parameters. */
export async function authorize(
  browser: HttpBrowser,
  world: Addresses,
  tenant: string,
  app: App,
  launch: string,
  overrides: Readonly<Record<string, string | undefined>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Authorization> {
  const verifier = randomBytes(48).toString('base64url')
  const state = randomBytes(24).toString('base64url')
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: app.scope,
    state,
    aud: world.fhirBase(tenant),
    launch,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...overrides,
  }
  const url = new URL(`${world.issuer(tenant)}/auth`)
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  const step = await browser.walk(await browser.get(url.href, headers))
  return { verifier, state, step, redirect: step.location === undefined ? undefined : new URL(step.location, step.url) }
}

/** Redeems a code; overrides replace parameters, an empty string removes one. */
export function exchange(
  world: Addresses,
  tenant: string,
  app: App,
  code: string,
  verifier: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: app.redirectUri,
    code_verifier: verifier,
    client_id: app.clientId,
    ...overrides,
  }
  return postForm(
    `${world.issuer(tenant)}/token`,
    Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')),
  )
}

/** A whole launch without a page: offer, start, authorize, token. */
export async function launchApp(
  world: Addresses,
  app: App,
  request: Omit<OfferRequest, 'client_id'> & { readonly tenant: string },
): Promise<TokenResponse> {
  const browser = new HttpBrowser()
  const { start_url } = await offer(world, { ...request, client_id: app.clientId })
  const { launch } = await start(browser, start_url)
  const { redirect, verifier } = await authorize(browser, world, request.tenant, app, launch)
  const code = redirect?.searchParams.get('code')
  if (code === undefined || code === null) throw new Error(`no code: ${redirect?.search ?? 'no redirect'}`)
  const { status, body } = await exchange(world, request.tenant, app, code, verifier)
  if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`)
  return body as unknown as TokenResponse // a 200 of the token endpoint; each test asserts the members it uses
}

/**
 * A FHIR request with a bearer token, made again where the gateway says that it cannot decide at the moment; the body comes
 * back as text so that answers can be compared byte by byte.
 */
export async function fhir(
  world: Addresses,
  tenant: string,
  token: string | undefined,
  path: string,
  init: RequestInit = {},
) {
  const headers = {
    accept: 'application/fhir+json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(init.headers as Record<string, string> | undefined),
  }
  const answer = await comeBack(() => fetch(`${world.fhirBase(tenant)}/${path}`, { ...init, headers }))
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Json,
  }
}
