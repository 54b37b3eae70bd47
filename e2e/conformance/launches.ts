import { createHash, randomBytes } from 'node:crypto'
import type { HttpBrowser, Step } from '../lib/http-browser.ts'
import { postJson } from '../lib/smart-client.ts'
import { isBeforePkce, type RegisteredClient } from './client-kinds.ts'
import { firstForm, type PageForm, sendForm } from './pages.ts'
import type { SmartConfiguration, Target } from './target.ts'

export type LaunchKind = 'ehr' | 'standalone'

/** Offers an EHR launch and opens its start address, up to the app's launch address. */
export async function openFromHost(
  browser: HttpBrowser,
  target: Target,
  client: RegisteredClient,
  context: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { status, body } = await postJson(`${target.launcher}/api/launches`, {
    tenant: target.tenant,
    client_id: client.clientId,
    ...(target.patient === undefined ? {} : { patient: target.patient }),
    ...context,
  })
  if (status !== 201) throw new Error(`the launcher answered ${status} ${String(body['error'])}`)
  const step = await browser.walk(await browser.get(String(body['start_url'])))
  const arrived = new URL(step.location ?? 'about:blank')
  if (`${arrived.origin}${arrived.pathname}` !== client.launchUri)
    throw new Error(`the start address led to a page (${step.status}), not to the app`)
  if (arrived.searchParams.get('iss') !== target.fhirBase) throw new Error('`iss` is not the FHIR base')
  return arrived.searchParams.get('launch') ?? ''
}

export type Request = {
  readonly parameters: Readonly<Record<string, string>>
  readonly verifier: string
  readonly nonce: string
}

/** The authorization request of SMART App Launch 2.2.0, with a nonce and, from every client since 2.0, PKCE. */
export function authorizationRequest(target: Target, client: RegisteredClient, launch: string | undefined): Request {
  const verifier = randomBytes(48).toString('base64url')
  const nonce = randomBytes(16).toString('base64url')
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: launch === undefined ? client.scope.replace(/\blaunch(?= |$)/, 'launch/patient') : client.scope,
    state: randomBytes(24).toString('base64url'),
    nonce,
    aud: target.fhirBase,
    ...(launch === undefined ? {} : { launch }),
    ...(isBeforePkce(client.kind) ? {} : challengeOf(verifier)),
  }
  return { parameters, verifier, nonce }
}

const challengeOf = (verifier: string) => ({
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
})

/** Sends the request by GET and answers the redirect that carries the code, going through our pages where there are any. */
export async function askForCode(
  browser: HttpBrowser,
  target: Target,
  smart: SmartConfiguration,
  client: RegisteredClient,
  parameters: Readonly<Record<string, string>>,
): Promise<URL> {
  const asked = new URL(smart.authorization_endpoint)
  for (const [name, value] of Object.entries(parameters)) asked.searchParams.set(name, value)
  const step = await answerPages(browser, target, await browser.walk(await browser.get(asked.href)))
  const redirect = new URL(step.location ?? 'about:blank', step.url)
  if (`${redirect.origin}${redirect.pathname}` !== client.redirectUri)
    throw new Error(`the authorization request ended on a page (${step.status})`)
  return redirect
}

const MOST_PAGES = 6

/** Signs in, picks a patient and allows, in plain HTML forms that work without scripts (contracts §2). */
async function answerPages(browser: HttpBrowser, target: Target, first: Step): Promise<Step> {
  let page = first
  for (let count = 0; count < MOST_PAGES && page.location === undefined; count += 1) {
    const form = firstForm(page)
    page = await browser.walk(await sendForm(browser, page, form, answersFor(form, target)))
  }
  return page
}

/** What the person of the target answers to a page. */
export function answersFor(form: PageForm, target: Target): Readonly<Record<string, string>> {
  if (form.texts.includes('username')) return target.person
  if (form.choices.has('patient')) return { patient: chosen(form, 'patient', target.patient) }
  if (form.choices.has('encounter')) return { encounter: chosen(form, 'encounter', undefined) }
  if (form.choices.has('role')) return { role: chosen(form, 'role', undefined) }
  if (form.choices.has('decision')) return { decision: 'allow' }
  throw new Error(`a form asks for something else: ${[...form.texts, ...form.choices.keys()].join(', ')}`)
}

function chosen(form: PageForm, name: string, wanted: string | undefined): string {
  const offered = form.choices.get(name)?.filter((value) => value !== '') ?? []
  const value = wanted === undefined ? offered[0] : offered.find((each) => each === wanted)
  if (value === undefined) throw new Error(`the page offers no such ${name}`)
  return value
}
