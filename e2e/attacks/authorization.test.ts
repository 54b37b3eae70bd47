import { expect, test } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { authorize, exchange, offer, registerApp, start, type App } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'
const world = addresses()

async function startedLaunch(): Promise<{ app: App; browser: HttpBrowser; launch: string }> {
  const app = await registerApp(world, OUS, SCOPE)
  const browser = new HttpBrowser()
  const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
  const { launch } = await start(browser, start_url)
  return { app, browser, launch }
}

async function code(): Promise<{ app: App; code: string; verifier: string }> {
  const { app, browser, launch } = await startedLaunch()
  const { redirect, verifier } = await authorize(browser, world, OUS, app, launch)
  return { app, code: redirect?.searchParams.get('code') ?? '', verifier }
}

test.describe('the authorization request', () => {
  for (const [what, aud] of [
    ['missing', undefined],
    ['foreign', 'https://fhir.example/r4'],
    ['of the other trust', world.fhirBase(AHUS)],
    ['longer than the base', `${world.fhirBase(OUS)}/Patient`],
  ] as const) {
    test(`an \`aud\` that is ${what} is refused without a code`, async () => {
      const { app, browser, launch } = await startedLaunch()
      const { redirect } = await authorize(browser, world, OUS, app, launch, { aud })
      expect(redirect?.searchParams.get('code') ?? undefined).toBeUndefined()
      expect(['invalid_request', 'invalid_target']).toContain(redirect?.searchParams.get('error'))
    })
  }

  test('an `aud` with one trailing slash is ours', async () => {
    const { app, browser, launch } = await startedLaunch()
    const { redirect } = await authorize(browser, world, OUS, app, launch, { aud: `${world.fhirBase(OUS)}/` })
    expect(redirect?.searchParams.get('code')).toBeTruthy()
  })

  test('an unregistered or longer redirect address gets a page of ours, never a redirect', async () => {
    for (const spoil of [
      (uri: string) => `${uri}/more`,
      (uri: string) => `${uri}?more=1`,
      () => 'https://evil.example/index.html',
      (uri: string) => uri.replace('59999', '59998'),
    ]) {
      const { app, browser, launch } = await startedLaunch()
      const { step } = await authorize(browser, world, OUS, app, launch, { redirect_uri: spoil(app.redirectUri) })
      expect(step.location).toBeUndefined()
      expect(step.status).toBe(400)
      expect(step.headers.get('content-type')).toContain('text/html')
      expect(step.body).not.toContain(launch)
    }
  })

  test('no challenge, a plain challenge and no state are refused', async () => {
    for (const overrides of [
      { code_challenge: undefined, code_challenge_method: undefined },
      { code_challenge_method: 'plain' },
      { state: undefined },
    ]) {
      const { app, browser, launch } = await startedLaunch()
      const { redirect } = await authorize(browser, world, OUS, app, launch, overrides)
      expect(redirect?.searchParams.get('error')).toBe('invalid_request')
    }
  })
})

test.describe('the code', () => {
  test('replayed eight times in parallel, exactly one exchange succeeds', async () => {
    const granted = await code()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => exchange(world, OUS, granted.app, granted.code, granted.verifier)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status, body }) => status === 400 && body['error'] === 'invalid_grant')).toHaveLength(7)
  })

  test('replayed later, it kills the refresh token it gave', async () => {
    const granted = await code()
    const tokens = await exchange(world, OUS, granted.app, granted.code, granted.verifier)
    expect(tokens.status).toBe(200)
    expect((await exchange(world, OUS, granted.app, granted.code, granted.verifier)).body['error']).toBe(
      'invalid_grant',
    )
    const refreshed = await exchange(world, OUS, granted.app, '', '', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.body['refresh_token']),
      redirect_uri: '',
    })
    expect(refreshed.body['error']).toBe('invalid_grant')
  })

  for (const [what, verifier] of [
    ['wrong', 'w'.repeat(64)],
    ['missing', ''],
  ] as const) {
    test(`with a ${what} verifier it buys nothing`, async () => {
      const granted = await code()
      const answer = await exchange(world, OUS, granted.app, granted.code, verifier)
      expect(answer.status).toBe(400)
      expect(['invalid_grant', 'invalid_request']).toContain(answer.body['error'])
      expect(answer.headers.get('cache-control')).toContain('no-store')
    })
  }

  test('at the other trust, or for another client, it is unknown', async () => {
    const granted = await code()
    const other = await registerApp(world, OUS, SCOPE)
    expect((await exchange(world, OUS, other, granted.code, granted.verifier)).body['error']).toBe('invalid_grant')
    const elsewhere = await exchange(world, AHUS, granted.app, granted.code, granted.verifier)
    expect([elsewhere.status, elsewhere.body['error']]).toEqual([401, 'invalid_client'])
  })

  test('a refresh token used twice kills its family', async () => {
    const granted = await code()
    const tokens = await exchange(world, OUS, granted.app, granted.code, granted.verifier)
    const refresh = (token: unknown) =>
      exchange(world, OUS, granted.app, '', '', {
        grant_type: 'refresh_token',
        refresh_token: String(token),
        redirect_uri: '',
      })
    const second = await refresh(tokens.body['refresh_token'])
    expect(second.status).toBe(200)
    expect((await refresh(tokens.body['refresh_token'])).body['error']).toBe('invalid_grant')
    expect((await refresh(second.body['refresh_token'])).body['error']).toBe('invalid_grant')
  })
})
