import { expect, test } from '@playwright/test'
import * as oidc from 'openid-client'
import { HttpBrowser } from '../lib/http-browser.ts'
import { CLIENT_KINDS, type ClientKind, isOffered, type RegisteredClient, registerClient } from './client-kinds.ts'
import { askForCode, openFromHost } from './launches.ts'
import { runningTarget, useServer } from './running-world.ts'
import { patientOf } from './tokens.ts'

const SCOPE = 'launch openid fhirUser offline_access patient/Patient.r'
const server = useServer()
const target = runningTarget()

function authenticationOf({ kind, clientSecret, key }: RegisteredClient): oidc.ClientAuth {
  if (kind.method === 'client_secret_basic') return oidc.ClientSecretBasic(clientSecret)
  if (kind.method === 'client_secret_post') return oidc.ClientSecretPost(clientSecret)
  return key === undefined ? oidc.None() : oidc.PrivateKeyJwt({ key: key.privateKey, kid: key.kid })
}

async function configure(kind: ClientKind) {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kind, { scope: SCOPE, keyServer })
  const configuration = await oidc.discovery(new URL(smart.issuer), client.clientId, {}, authenticationOf(client), {
    execute: [oidc.allowInsecureRequests], // the demo world speaks http on loopback
  })
  return { client, configuration }
}

async function authorize(kind: ClientKind) {
  const { client, configuration } = await configure(kind)
  const browser = new HttpBrowser()
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
  }
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: client.redirectUri,
    scope: SCOPE,
    launch: await openFromHost(browser, target, client),
    aud: target.fhirBase,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const redirect = await askForCode(browser, target, server().smart, client, Object.fromEntries(url.searchParams))
  return { configuration, redirect, checks }
}

for (const kind of CLIENT_KINDS)
  test(`openid-client, ${kind.name}: launch, ID token, refresh, introspection and revocation`, async () => {
    expect(isOffered(kind, server().smart)).toBe(true)
    const { configuration, redirect, checks } = await authorize(kind)
    const tokens = await oidc.authorizationCodeGrant(configuration, redirect, { ...checks, idTokenExpected: true })
    expect(tokens.claims()?.['fhirUser']).toBe(`${target.fhirBase}/Practitioner/${tokens.claims()?.sub}`)
    const read = new URL(`${target.fhirBase}/Patient/${patientOf(tokens)}`)
    expect((await oidc.fetchProtectedResource(configuration, tokens.access_token, read, 'GET')).status).toBe(200)
    const refreshed = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    expect(refreshed.scope).toBe(tokens.scope)
    expect(refreshed['patient']).toBe(tokens['patient'])
    if (kind.method !== 'none') {
      const told = await oidc.tokenIntrospection(configuration, refreshed.access_token)
      expect([told.active, told['patient'], told.scope]).toEqual([true, tokens['patient'], tokens.scope])
    }
    await oidc.tokenRevocation(configuration, refreshed.refresh_token ?? '')
    await expect(oidc.refreshTokenGrant(configuration, refreshed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

test('an answer that names another issuer, or none, is not taken by openid-client (RFC 9207)', async () => {
  const [kind] = CLIENT_KINDS
  if (kind === undefined) throw new Error('there is a first kind')
  for (const spoil of [
    (url: URL) => url.searchParams.delete('iss'),
    (url: URL) => url.searchParams.set('iss', 'https://attacker.example'),
  ]) {
    const { configuration, redirect, checks } = await authorize(kind)
    spoil(redirect)
    await expect(oidc.authorizationCodeGrant(configuration, redirect, checks)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('"iss" (issuer)') },
    })
  }
})
