import { Browser } from '#test/support/browser.ts'
import {
  authorize,
  authorizing,
  launch,
  launchIdIn,
  locationOf,
  offer,
  start,
  submitStart,
} from '#test/support/launch.ts'
import { PASSWORD } from '#test/support/stub-host.ts'
import { fieldsOf, openPage, signIn, standalone, submit, submitAndFollow } from '#test/support/standalone.ts'
import { json, postForm, type World } from '#test/support/world.ts'
import { denied } from '../policy/in-test-point.ts'
import { type Answered, type Deed, DEEDS_OF_PROCESSES } from './deeds-of-processes.ts'

/** Somebody at a page of ours; answers what the browser needs to go on. */
async function atConsent(world: World, changes: Readonly<Record<string, string>> = {}) {
  const browser = new Browser()
  const request = standalone(world, { prompt: 'consent', ...changes })
  const { address } = await openPage(browser, request.url)
  await signIn(browser, address)
  const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
  return { browser, request, address, consent }
}

const authorizationBy =
  (send: (browser: Browser, url: string) => Promise<Answered>): Deed =>
  async (world) => {
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { session: 'by-address' }))
    const { url } = authorizing(world, opened.searchParams.get('launch') ?? '')
    return async () => [
      await send(browser, url),
      await send(browser, url),
      await send(browser, authorizing(world, '', { client_id: 'nobody' }).url),
    ]
  }

/** While nothing is permitted. */
async function denying<T>(world: World, work: () => Promise<T>): Promise<T> {
  world.policy().answer = () => denied('no')
  try {
    return await work()
  } finally {
    world.policy().answer = () => undefined
  }
}

/** Asks each address, so that everything happens that can happen there. */
export const DEEDS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ...DEEDS_OF_PROCESSES,
  [
    'POST /start/:secret',
    async (world) => {
      const { startUrl } = await offer(world, { session: 'by-address' })
      return async () => [
        await submitStart(world, new Browser(), startUrl),
        await submitStart(world, new Browser(), startUrl),
      ]
    },
  ],
  [
    'GET /start/:secret',
    async (world) => {
      const { startUrl } = await offer(world, { session: 'by-address' }, { as: 'launcher' })
      return async () => [await new Browser().navigate(startUrl), await new Browser().navigate(startUrl)]
    },
  ],
  [
    'GET /start/:launch/check',
    async (world) => {
      const browser = new Browser()
      const { startUrl } = await offer(world, { session: 'by-address' })
      const address = locationOf(await submitStart(world, browser, startUrl)).href
      return async () => [
        await browser.navigate(address),
        await new Browser().navigate(`${world.issuer()}/start/${launchIdIn(browser)}x/check`),
      ]
    },
  ],
  ['GET /auth', authorizationBy((browser, url) => browser.navigate(url))],
  [
    'POST /auth',
    authorizationBy((browser, url) => {
      const { origin, pathname, searchParams } = new URL(url)
      return browser.navigate(`${origin}${pathname}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:4101' },
        body: searchParams.toString(),
      })
    }),
  ],
  [
    'GET /auth/:interaction',
    async (world) => {
      const back = async (decision: string) => {
        const { browser, address, consent } = await atConsent(world)
        const fields = fieldsOf(consent)
        fields.set('decision', decision)
        return { browser, address: locationOf(await submit(browser, address, fields)).href }
      }
      const ways = [await back('allow'), await back('deny')]
      return () => Promise.all(ways.map(({ browser, address }) => browser.navigate(address)))
    },
  ],
  [
    'GET /interaction/:interaction',
    async (world) => {
      const { browser, address } = await atConsent(world)
      const beginner = new Browser()
      const begun = await openPage(beginner, standalone(world, { prompt: 'consent' }).url)
      await submit(beginner, begun.address, { username: 'stf101', password: PASSWORD })
      return async () => [
        await beginner.navigate(begun.address),
        await browser.navigate(address),
        await new Browser().navigate(address),
        await denying(world, () => browser.navigate(address)),
      ]
    },
  ],
  [
    'POST /interaction/:interaction',
    async (world) => {
      const browser = new Browser()
      const { address } = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
      const [allowing, refusing, undone] = [await atConsent(world), await atConsent(world), await atConsent(world)]
      const fields = fieldsOf(allowing.consent)
      fields.set('decision', 'allow')
      return async () => [
        await submit(browser, address, { username: 'stf101', password: 'x' }),
        await submit(browser, address, { username: 'stf101', password: PASSWORD }),
        await submit(browser, address, { search: 'berg', action: 'search' }),
        await submit(allowing.browser, allowing.address, fields),
        await submit(refusing.browser, refusing.address, { decision: 'deny' }),
        await denying(world, () => submit(undone.browser, undone.address, { decision: 'allow' })),
        await submit(new Browser(), address, { decision: 'deny' }),
      ]
    },
  ],
  [
    'POST /apps',
    async (world) => {
      const { browser, address, consent } = await atConsent(world)
      const fields = fieldsOf(consent)
      fields.set('decision', 'allow')
      await submit(browser, address, fields)
      const page = `${world.issuer()}/apps`
      return async () => [
        await submit(browser, page, { username: 'stf101', password: 'x' }),
        await submit(browser, page, { username: 'stf101', password: PASSWORD }),
        await submit(browser, page, { withdraw: 'pacs-viewer' }),
      ]
    },
  ],
  [
    'POST /token',
    async (world) => {
      const { request, redirect } = await authorize(world, new Browser(), { session: 'by-address' })
      const send = (form: Readonly<Record<string, string>>) => postForm(`${world.issuer()}/token`, form)
      const code = {
        grant_type: 'authorization_code',
        code: redirect.searchParams.get('code') ?? '',
        redirect_uri: request.redirectUri,
        client_id: request.clientId,
        code_verifier: request.verifier,
      }
      return async () => {
        const first = await send(code)
        const { refresh_token: token } = await json(first.clone())
        const refreshed = await send({ grant_type: 'refresh_token', refresh_token: String(token) })
        return [first, refreshed, await send(code)]
      }
    },
  ],
  [
    'POST /introspect',
    async (world) => {
      const { tokens } = await launch(world, new Browser(), { session: 'by-address' })
      const token = String(tokens['access_token'])
      return async () => [
        await postForm(`${world.issuer()}/introspect`, { token }, { authorization: `Bearer ${token}` }),
      ]
    },
  ],
  [
    'POST /revoke',
    async (world) => {
      const { tokens } = await launch(world, new Browser(), { session: 'by-address' })
      const form = { token: String(tokens['access_token']), client_id: 'pacs-viewer' }
      return async () => [await postForm(`${world.issuer()}/revoke`, form)]
    },
  ],
])
