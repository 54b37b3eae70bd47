import { ASSERTION_TYPE, json, postForm, signAssertion, type World } from './world.ts'
import { Browser } from './browser.ts'
import { authorizing, exchange, locationOf, offer, start } from './launch.ts'

/** Registers an app of this machine; answers its client id. */
export async function registerApp(world: World, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await fetch(`${world.issuer()}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: ['http://localhost:9999/'],
      launch_uris: ['http://localhost:9999/launch.html'],
      scope:
        'launch launch/patient openid fhirUser profile online_access offline_access patient/Patient.r patient/*.read',
      token_endpoint_auth_method: 'none',
      ...changes,
    }),
  })
  const body = await json(answer)
  if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(body)}`)
  return String(body['client_id'])
}

/** A whole EHR launch of a registered app; answers the token response. */
export async function launchApp(
  world: World,
  clientId: string,
  intent: Readonly<Record<string, unknown>> = {},
  changes: Readonly<Record<string, string | undefined>> = {},
  tokenChanges: Readonly<Record<string, string | undefined>> = {},
) {
  const browser = new Browser()
  const opened = await start(world, browser, await offer(world, { client_id: clientId, ...intent }))
  const request = authorizing(world, opened.searchParams.get('launch') ?? '', {
    client_id: clientId,
    redirect_uri: 'http://localhost:9999/',
    scope: 'launch openid fhirUser online_access patient/Patient.r',
    ...changes,
  })
  const redirect = locationOf(await browser.navigate(request.url))
  const answer = await exchange(world, request, redirect.searchParams.get('code') ?? '', tokenChanges)
  return { redirect, status: answer.status, tokens: await json(answer) }
}

/** A token of the gateway's own, for one of our APIs. */
export async function gatewayToken(world: World, scope: string): Promise<string> {
  const issuer = world.issuer()
  const assertion = await signAssertion({
    clientId: 'gateway',
    audience: `${issuer}/token`,
    key: world.gateway.key,
  })
  const answer = await postForm(`${issuer}/token`, {
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  })
  const body = await json(answer)
  if (answer.status !== 200) throw new Error(`no gateway token: ${JSON.stringify(body)}`)
  return String(body['access_token'])
}

export async function introspectWith(world: World, bearer: unknown, token: unknown = bearer) {
  const headers = { authorization: `Bearer ${String(bearer)}` }
  const answer = await postForm(`${world.issuer()}/introspect`, { token: String(token) }, headers)
  return { status: answer.status, body: await json(answer) }
}
