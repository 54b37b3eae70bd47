import { expect, test } from '@playwright/test'
import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { addresses, OUS } from '../lib/addresses.ts'
import { encode, type Mutation, MUTATIONS, type Pairs, spoiled } from '../lib/hostile.ts'
import { HttpBrowser, type Step } from '../lib/http-browser.ts'
import { type App, offer, registerApp, start } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r'
const STATE = randomBytes(24).toString('base64url')
const world = addresses()
const endpoint = `${world.issuer(OUS)}/auth`

type Started = { readonly app: App; readonly browser: HttpBrowser; readonly request: Pairs }

async function startedLaunch(origin?: string): Promise<Started> {
  const app = await registerApp(world, OUS, SCOPE, origin)
  const browser = new HttpBrowser()
  const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
  const { launch } = await start(browser, start_url)
  const request: Pairs = [
    ['response_type', 'code'],
    ['client_id', app.clientId],
    ['redirect_uri', app.redirectUri],
    ['scope', SCOPE],
    ['state', STATE],
    ['aud', world.fhirBase(OUS)],
    ['launch', launch],
    ['code_challenge', createHash('sha256').update(randomBytes(32)).digest('base64url')],
    ['code_challenge_method', 'S256'],
  ]
  return { app, browser, request }
}

/** What becomes of a request: a page of ours, a refusal by size, codes sent to the app, or merely no code. */
type Wanted = 'page' | 'too large' | 'no code' | readonly string[]

const WRONG_TYPE: readonly Mutation[] = ['not ASCII', 'with a null byte', 'in broken UTF-8']

function wantedFor(name: string, mutation: Mutation): Wanted {
  if (mutation === '100 kB' || mutation === 'just over 64 kB') return 'too large'
  // Nothing is sent anywhere before client and address are known (RFC 6749 §4.1.2.1).
  if (name === 'client_id' || name === 'redirect_uri') return 'page'
  // Without a handle it is the request of a standalone launch.
  if (name === 'launch' && ['missing', 'empty', 'of another shape'].includes(mutation)) return 'no code'
  if (name === 'response_type' && WRONG_TYPE.includes(mutation)) return ['unsupported_response_type']
  if (name === 'scope' && mutation !== 'doubled') return ['invalid_scope', 'invalid_request']
  return ['invalid_request']
}

/** Why an answer is not the one wanted, or undefined. */
function problemOf(step: Step, { redirectUri }: App, wanted: Wanted, name: string): string | undefined {
  const to = step.location === undefined ? undefined : new URL(step.location, step.url)
  const told = `${step.status} ${to === undefined ? 'no redirect' : `redirect, ${to.searchParams.get('error') ?? 'no error'}`}`
  if (step.status >= 500 || to?.searchParams.has('code') === true) return told
  if (wanted === 'no code') return undefined
  if (wanted === 'too large') return step.status === 413 && to === undefined ? undefined : told
  if (wanted === 'page') {
    const isPage = step.status === 400 && step.headers.get('content-type')?.startsWith('text/html') === true
    return isPage && to === undefined ? undefined : told
  }
  if (to === undefined || `${to.origin}${to.pathname}` !== redirectUri) return told
  if (name !== 'state' && to.searchParams.get('state') !== STATE) return `${told}, another state`
  if (to.searchParams.get('iss') !== world.issuer(OUS)) return `${told}, no issuer`
  return wanted.includes(to.searchParams.get('error') ?? '') ? undefined : told
}

const send = ({ browser }: Started, method: 'GET' | 'POST', query: string): Promise<Step> =>
  method === 'GET' ? browser.get(`${endpoint}?${query}`) : browser.post(endpoint, 'http://127.0.0.1:59999', {}, query)

/** The very launch that was abused still works: nothing was spent, nothing was kept. */
async function stillWorks(launch: Started): Promise<boolean> {
  const step = await send(launch, 'GET', encode(launch.request))
  return new URL(step.location ?? 'about:blank').searchParams.has('code')
}

async function expectGoodLaunch(launch: Started): Promise<void> {
  expect(await stillWorks(launch)).toBe(true)
}

async function problemsOf(method: 'GET' | 'POST', mutations: readonly Mutation[]): Promise<readonly string[]> {
  const launch = await startedLaunch()
  const problems: string[] = []
  for (const [name] of launch.request)
    for (const mutation of mutations) {
      const step = await send(launch, method, spoiled(launch.request, name, mutation))
      const problem = problemOf(step, launch.app, wantedFor(name, mutation), name)
      if (problem !== undefined) problems.push(`${name} ${mutation}: ${problem}`)
    }
  if (!(await stillWorks(launch))) problems.push('the launch was spent')
  return problems
}

test.describe('a hostile authorization request', () => {
  test('each parameter missing, doubled, empty or garbled in a query is refused by its registered code and spends nothing', async () => {
    const short = MUTATIONS.filter((mutation) => !mutation.endsWith('kB'))
    expect(await problemsOf('GET', short)).toEqual([])
  })

  test('each parameter missing, doubled, empty, garbled or too long in a form is refused alike and spends nothing', async () => {
    expect(await problemsOf('POST', MUTATIONS)).toEqual([])
  })

  test('a query longer than any header may be is cut off before anything reads it', async () => {
    const launch = await startedLaunch()
    for (const mutation of ['just over 64 kB', '100 kB'] as const) {
      const { port } = new URL(endpoint)
      const line = `GET ${new URL(endpoint).pathname}?${spoiled(launch.request, 'state', mutation)} HTTP/1.1`
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(`${line}\r\nhost: localhost:${port}\r\n\r\n`),
        )
        let text = ''
        socket.on('data', (chunk) => {
          text += chunk.toString('latin1')
        })
        socket.on('error', () => undefined) // the server may close before it has read all; `close` follows
        socket.on('close', () => resolve(text))
      })
      expect(answer === '' || answer.startsWith('HTTP/1.1 431')).toBe(true)
    }
    await expectGoodLaunch(launch)
  })

  test('the client, address or handle of another app is refused, and neither launch is spent', async () => {
    const own = await startedLaunch()
    const other = await startedLaunch('http://127.0.0.1:59998')
    const problems: string[] = []
    for (const [name, wanted] of [
      ['client_id', 'page'],
      ['redirect_uri', 'page'],
      ['launch', ['invalid_request']],
    ] as const) {
      const theirs = other.request.find(([each]) => each === name)?.[1] ?? ''
      const mixed: Pairs = own.request.map(([each, value]) => [each, each === name ? theirs : value])
      const problem = problemOf(await send(own, 'GET', encode(mixed)), own.app, wanted, name)
      if (problem !== undefined) problems.push(`${name}: ${problem}`)
    }
    expect(problems).toEqual([])
    await expectGoodLaunch(own)
    await expectGoodLaunch(other)
  })

  test('a body of another type ends on a page, another method on 405, and neither spends the handle', async () => {
    const launch = await startedLaunch()
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const body =
        type === 'application/json' ? JSON.stringify(Object.fromEntries(launch.request)) : encode(launch.request)
      const step = await launch.browser.post(endpoint, 'http://127.0.0.1:59999', { 'content-type': type }, body)
      expect([step.status, step.location]).toEqual([400, undefined])
    }
    for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await fetch(`${endpoint}?${encode(launch.request)}`, { method, redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([405, null])
      expect(answer.headers.get('allow')).toContain('POST')
    }
    await expectGoodLaunch(launch)
  })
})
