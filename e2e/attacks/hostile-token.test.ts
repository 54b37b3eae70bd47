import { expect, test } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import {
  encode,
  type Mutation,
  MUTATIONS,
  type Pairs,
  postRaw,
  problemOfRefusal,
  type Raw,
  spoiled,
} from '../lib/hostile.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { type App, authorize, launchApp, offer, registerApp, start } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r'
const world = addresses()
const endpoint = `${world.issuer(OUS)}/token`

const ABSENT: readonly Mutation[] = ['missing', 'empty', 'of another shape']

/** The registered codes of RFC 6749 §5.2 and RFC 7636 §4.6 for a spoiled parameter. */
function codesFor(name: string, mutation: Mutation): readonly string[] {
  if (mutation === 'doubled') return ['invalid_request']
  const absent = ABSENT.includes(mutation)
  switch (name) {
    case 'grant_type':
      return absent ? ['invalid_request'] : ['unsupported_grant_type']
    case 'code':
    case 'refresh_token':
      return absent ? ['invalid_request'] : ['invalid_grant']
    case 'redirect_uri':
      return absent ? ['invalid_request', 'invalid_grant'] : ['invalid_grant']
    case 'code_verifier':
      // One that is no verifier at all (RFC 7636 §4.1) is malformed as well as wrong.
      return ['invalid_request', 'invalid_grant']
    case 'client_id':
      return absent ? ['invalid_request', 'invalid_client', 'invalid_grant'] : ['invalid_client']
    default:
      return ['invalid_scope']
  }
}

const replaced = (pairs: Pairs, name: string, value: string): Pairs =>
  pairs.map(([each, kept]) => [each, each === name ? value : kept])

/** A refusal of the token endpoint; failed authentication is 401, everything else 400 (RFC 6749 §5.2). */
function problemOf(answer: Raw, codes: readonly string[]): string | undefined {
  if (answer.headers.get('pragma')?.includes('no-cache') !== true)
    return `${answer.status} without \`Pragma: no-cache\``
  if (answer.status !== 400 && !(answer.status === 401 && answer.text.includes('"invalid_client"')))
    return `status ${answer.status}`
  return problemOfRefusal(answer, { codes })
}

async function problemsOf(form: Pairs, optional: readonly string[] = []): Promise<readonly string[]> {
  const problems: string[] = []
  for (const [name] of form)
    for (const mutation of MUTATIONS) {
      if (optional.includes(name) && ABSENT.includes(mutation)) continue
      const answer = await postRaw(endpoint, spoiled(form, name, mutation))
      const problem = mutation.endsWith('kB')
        ? problemOfRefusal(answer, 'too large')
        : problemOf(answer, codesFor(name, mutation))
      if (problem !== undefined) problems.push(`${name} ${mutation}: ${problem}`)
    }
  return problems
}

async function codeForm(app: App): Promise<Pairs> {
  const browser = new HttpBrowser()
  const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
  const { launch } = await start(browser, start_url)
  const { redirect, verifier } = await authorize(browser, world, OUS, app, launch)
  return [
    ['grant_type', 'authorization_code'],
    ['code', redirect?.searchParams.get('code') ?? ''],
    ['redirect_uri', app.redirectUri],
    ['code_verifier', verifier],
    ['client_id', app.clientId],
  ]
}

async function refreshForm(app: App): Promise<Pairs> {
  const tokens = await launchApp(world, app, { tenant: OUS })
  return [
    ['grant_type', 'refresh_token'],
    ['refresh_token', tokens.refresh_token ?? ''],
    ['scope', tokens.scope],
    ['client_id', app.clientId],
  ]
}

test.describe('a hostile token request', () => {
  test('each parameter of a code exchange spoiled in every way is refused by its registered code, and the code still works', async () => {
    const form = await codeForm(await registerApp(world, OUS, SCOPE))
    expect(await problemsOf(form)).toEqual([])
    expect((await postRaw(endpoint, encode(form))).status).toBe(200)
  })

  test('each parameter of a refresh spoiled in every way is refused by its registered code, and the token still works', async () => {
    const form = await refreshForm(await registerApp(world, OUS, SCOPE))
    // Without `scope` a refresh is whole (SMART App Launch 2.2.0), and public apps may leave `client_id` out.
    expect(await problemsOf(form, ['scope', 'client_id'])).toEqual([])
    expect((await postRaw(endpoint, encode(form))).status).toBe(200)
  })

  test('the code, address, verifier, name or refresh token of another app buys nothing and spends neither', async () => {
    const own = await registerApp(world, OUS, SCOPE)
    const other = await registerApp(world, OUS, SCOPE, 'http://127.0.0.1:59998')
    for (const form of [codeForm, refreshForm]) {
      const [mine, theirs] = [await form(own), await form(other)]
      for (const [name, value] of theirs) {
        if (name === 'grant_type' || name === 'scope') continue
        const answer = await postRaw(endpoint, encode(replaced(mine, name, value)))
        expect([name, problemOf(answer, ['invalid_grant'])]).toEqual([name, undefined])
      }
      expect((await postRaw(endpoint, encode(theirs))).status).toBe(200)
      expect((await postRaw(endpoint, encode(mine))).status).toBe(200)
    }
  })

  test('a refresh for more than was granted is invalid_scope and spends nothing', async () => {
    const form = await refreshForm(await registerApp(world, OUS, SCOPE))
    for (const wider of [
      'patient/Observation.rs',
      'patient/Patient.rs',
      'offline_access',
      'user/Patient.r',
      'system/*.rs',
    ]) {
      const answer = await postRaw(endpoint, encode(replaced(form, 'scope', `${SCOPE} ${wider}`)))
      expect([wider, problemOf(answer, ['invalid_scope'])]).toEqual([wider, undefined])
    }
    expect((await postRaw(endpoint, encode(form))).status).toBe(200)
  })

  test('another content type, another method, another trust and unknown grants are refused, and the code still works', async () => {
    const form = await codeForm(await registerApp(world, OUS, SCOPE))
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const body = type === 'application/json' ? JSON.stringify(Object.fromEntries(form)) : encode(form)
      expect(problemOf(await postRaw(endpoint, body, { 'content-type': type }), ['invalid_request'])).toBeUndefined()
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
      expect((await fetch(`${endpoint}?${encode(form)}`, { method })).status).toBe(405)
    expect(
      problemOfRefusal(await postRaw(`${world.issuer(AHUS)}/token`, encode(form)), { codes: ['invalid_client'] }),
    ).toBeUndefined()
    for (const grant of [
      'password',
      'implicit',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      '__proto__',
      'constructor',
    ]) {
      const answer = await postRaw(endpoint, encode(replaced(form, 'grant_type', grant)))
      expect([grant, problemOf(answer, ['unsupported_grant_type'])]).toEqual([grant, undefined])
    }
    expect((await postRaw(endpoint, encode(form))).status).toBe(200)
  })
})
