import { expect, test } from '@playwright/test'
import * as oauth from 'oauth4webapi'
import { HttpBrowser } from '../lib/http-browser.ts'
import { CLIENT_KINDS, isOffered, type RegisteredClient, registerClient } from './client-kinds.ts'
import { askForCode, openFromHost } from './launches.ts'
import { runningTarget, useServer } from './running-world.ts'
import { patientOf } from './tokens.ts'

const SCOPE = 'launch openid fhirUser offline_access patient/Patient.r'
const LOOPBACK = { [oauth.allowInsecureRequests]: true } // the demo world speaks http on loopback
const server = useServer()
const target = runningTarget()

function authenticationOf({ kind, clientSecret = '', key }: RegisteredClient): oauth.ClientAuth {
  if (kind.method === 'client_secret_basic') return oauth.ClientSecretBasic(clientSecret)
  if (kind.method === 'client_secret_post') return oauth.ClientSecretPost(clientSecret)
  return key === undefined ? oauth.None() : oauth.PrivateKeyJwt({ key: key.privateKey, kid: key.kid })
}

async function discoverIssuer(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(server().smart.issuer)
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, LOOPBACK))
}

for (const kind of CLIENT_KINDS)
  test(`oauth4webapi, ${kind.name}: launch, ID token with its signature, refresh, introspection and revocation`, async () => {
    const { smart, keyServer } = server()
    expect(isOffered(kind, smart)).toBe(true)
    const as = await discoverIssuer()
    const registered = await registerClient(smart, kind, { scope: SCOPE, keyServer })
    const client: oauth.Client = { client_id: registered.clientId }
    const authentication = authenticationOf(registered)
    const browser = new HttpBrowser()
    const [verifier, state, nonce] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
    ]
    const redirect = await askForCode(browser, target, smart, registered, {
      response_type: 'code',
      client_id: registered.clientId,
      redirect_uri: registered.redirectUri,
      scope: SCOPE,
      state,
      nonce,
      launch: await openFromHost(browser, target, registered),
      aud: target.fhirBase,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const answer = oauth.validateAuthResponse(as, client, redirect, state)
    const tokenAnswer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      answer,
      registered.redirectUri,
      verifier,
      LOOPBACK,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, tokenAnswer, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(as, tokenAnswer, LOOPBACK)
    const refreshAnswer = await oauth.refreshTokenGrantRequest(
      as,
      client,
      authentication,
      tokens.refresh_token ?? '',
      LOOPBACK,
    )
    const refreshed = await oauth.processRefreshTokenResponse(as, client, refreshAnswer)
    expect([refreshed.scope, refreshed['patient']]).toEqual([tokens.scope, tokens['patient']])

    const read = new URL(`${target.fhirBase}/Patient/${patientOf(tokens)}`)
    const patient = await oauth.protectedResourceRequest(
      refreshed.access_token,
      'GET',
      read,
      undefined,
      undefined,
      LOOPBACK,
    )
    expect(patient.status).toBe(200)

    if (kind.method !== 'none') {
      const asked = await oauth.introspectionRequest(as, client, authentication, refreshed.access_token, LOOPBACK)
      const told = await oauth.processIntrospectionResponse(as, client, asked)
      expect([told.active, told['patient']]).toEqual([true, tokens['patient']])
    }
    const revoke = { ...LOOPBACK, additionalParameters: { token_type_hint: 'refresh_token' } }
    const revoked = await oauth.revocationRequest(as, client, authentication, refreshed.refresh_token ?? '', revoke)
    await oauth.processRevocationResponse(revoked)
    const late = await oauth.refreshTokenGrantRequest(
      as,
      client,
      authentication,
      refreshed.refresh_token ?? '',
      LOOPBACK,
    )
    await expect(oauth.processRefreshTokenResponse(as, client, late)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

test('an access token is a JWT of RFC 9068 that a resource server validates with nothing but discovery', async () => {
  const { smart, keyServer } = server()
  const [kind] = CLIENT_KINDS
  if (kind === undefined) throw new Error('there is a first kind')
  const registered = await registerClient(smart, kind, { scope: SCOPE, keyServer })
  const browser = new HttpBrowser()
  const verifier = oauth.generateRandomCodeVerifier()
  const redirect = await askForCode(browser, target, smart, registered, {
    response_type: 'code',
    client_id: registered.clientId,
    redirect_uri: registered.redirectUri,
    scope: SCOPE,
    state: oauth.generateRandomState(),
    launch: await openFromHost(browser, target, registered),
    aud: target.fhirBase,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const as = await discoverIssuer()
  const client = { client_id: registered.clientId }
  const tokens = await oauth.processAuthorizationCodeResponse(
    as,
    client,
    await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      oauth.validateAuthResponse(as, client, redirect, oauth.skipStateCheck),
      registered.redirectUri,
      verifier,
      LOOPBACK,
    ),
  )
  const request = new Request(target.fhirBase, { headers: { authorization: `Bearer ${tokens.access_token}` } })
  const claims = await oauth.validateJwtAccessToken(as, request, target.fhirBase, LOOPBACK)
  expect(claims.client_id).toBe(registered.clientId)
  expect(claims.scope).toBe(tokens.scope)
})
