import { HttpBrowser } from '../lib/http-browser.ts'
import { type ClientKind, isBeforePkce, type KeyServer, type RegisteredClient, registerClient } from './client-kinds.ts'
import { askForCode, authorizationRequest, type LaunchKind, openFromHost } from './launches.ts'
import { createWalk, hold, type Outcomes, type Walk } from './steps.ts'
import type { SmartConfiguration, Target } from './target.ts'
import {
  askForTokens,
  introspectOwn,
  postAs,
  readFhir,
  type Tokens,
  validateIdToken,
  waitUntilRefused,
} from './tokens.ts'

const SCOPE = 'launch openid fhirUser offline_access patient/Patient.rs patient/Observation.rs'
const SCOPE_BEFORE_V2 = 'launch openid profile offline_access patient/Patient.read patient/Observation.read'

const scopeOf = (kind: ClientKind): string => (isBeforePkce(kind) ? SCOPE_BEFORE_V2 : SCOPE)

export type FlowSettings = {
  readonly target: Target
  readonly smart: SmartConfiguration
  readonly kind: ClientKind
  readonly launch: LaunchKind
  readonly keyServer: KeyServer
}

/** One client kind from registration to revocation, each step with its outcome. */
export async function runFlow(settings: FlowSettings): Promise<Outcomes> {
  const { target, smart, kind, keyServer } = settings
  const walk = createWalk()
  const client = await walk.take('register', () => registerClient(smart, kind, { scope: scopeOf(kind), keyServer }))
  const browser = new HttpBrowser()
  const opened = await walk.take('launch', async () => {
    const registered = present(client)
    const launch = settings.launch === 'ehr' ? await openFromHost(browser, target, registered) : undefined
    return authorizationRequest(target, registered, launch)
  })
  const redirect = await walk.take('code', async () => {
    const { parameters } = present(opened)
    const answer = (await askForCode(browser, target, smart, present(client), parameters)).searchParams
    hold(answer.get('error') === null, `${answer.get('error')}: ${answer.get('error_description')}`)
    hold(answer.get('state') === parameters['state'], '`state` came back changed')
    hold(answer.get('iss') === smart.issuer, '`iss` is not the issuer (RFC 9207)')
    return answer
  })
  const tokens = await walk.take('token', () =>
    askForTokens(present(client), smart.token_endpoint, {
      grant_type: 'authorization_code',
      code: present(redirect).get('code') ?? '',
      redirect_uri: present(client).redirectUri,
      ...(isBeforePkce(kind) ? {} : { code_verifier: present(opened).verifier }),
    }),
  )
  await walk.take('id_token', () =>
    validateIdToken(smart, present(client), present(tokens).id_token, present(opened).nonce),
  )
  await walk.take('FHIR read', () => readOwnPatient(target, present(tokens)))
  const latest = await refreshThrice(walk, smart, client, tokens)
  await endAccess(walk, settings, client, latest)
  return walk.outcomes
}

/** Steps run in order and stop at the first refusal, so what an earlier one made is there. */
function present<T>(made: T | undefined): T {
  if (made === undefined) throw new Error('an earlier step made nothing')
  return made
}

async function readOwnPatient(target: Target, tokens: Tokens): Promise<object> {
  const answer = await readFhir(target, tokens.access_token, `Patient/${tokens.patient}`)
  hold(answer.status === 200, `the FHIR base answered ${answer.status}`)
  const patient = (await answer.json()) as Readonly<Record<string, unknown>>
  hold(patient['resourceType'] === 'Patient' && patient['id'] === tokens.patient, 'another resource came back')
  return patient
}

async function refreshThrice(
  walk: Walk,
  smart: SmartConfiguration,
  client: RegisteredClient | undefined,
  tokens: Tokens | undefined,
): Promise<Tokens | undefined> {
  const refresh = async (held: Tokens | undefined, scope: string | undefined, expected: string) => {
    const next = await askForTokens(present(client), smart.token_endpoint, {
      grant_type: 'refresh_token',
      refresh_token: present(held).refresh_token,
      ...(scope === undefined ? {} : { scope }),
    })
    hold(sameScopes(next.scope, expected), `asked for ${expected}, was given ${next.scope}`)
    hold(next.patient === present(held).patient, 'the patient changed')
    await validateIdToken(smart, present(client), next.id_token, undefined)
    return next
  }
  const granted = tokens?.scope ?? ''
  const first = await walk.take('refresh', () => refresh(tokens, undefined, granted))
  const second = await walk.take('refresh, same scope', () => refresh(first, granted, granted))
  const fewer = granted.replace(/ patient\/Observation\.\w+/, '')
  return walk.take('refresh, subset', () => refresh(second, fewer, fewer))
}

const sameScopes = (one: string, other: string): boolean =>
  one.split(' ').toSorted().join(' ') === other.split(' ').toSorted().join(' ')

async function endAccess(
  walk: Walk,
  { target, smart }: FlowSettings,
  client: RegisteredClient | undefined,
  tokens: Tokens | undefined,
): Promise<void> {
  const { introspection_endpoint: introspection, revocation_endpoint: revocation } = smart
  if (introspection === undefined) walk.skip('introspection')
  else
    await walk.take('introspection', async () => {
      const { status, body } = await introspectOwn(present(client), introspection, present(tokens).access_token)
      hold(
        status === 200 && body['active'] === true,
        `introspection answered ${status}, active ${String(body['active'])}`,
      )
      hold(body['client_id'] === present(client).clientId, 'introspection names another client')
      hold(body['patient'] === present(tokens).patient, 'introspection names another patient')
      hold(sameScopes(String(body['scope']), present(tokens).scope), 'introspection names other scopes')
      return body
    })
  if (revocation === undefined) {
    walk.skip('revocation')
    walk.skip('refused afterwards')
    return
  }
  await walk.take('revocation', async () => {
    const answer = await postAs(present(client), revocation, { token: present(tokens).refresh_token })
    hold(answer.status === 200, `revocation answered ${answer.status} ${String(answer.body['error'])}`)
    return answer
  })
  await walk.take('refused afterwards', async () => {
    const refresh = { grant_type: 'refresh_token', refresh_token: present(tokens).refresh_token }
    const again = await postAs(present(client), smart.token_endpoint, refresh)
    hold(again.status === 400 && again.body['error'] === 'invalid_grant', `a refresh was answered ${again.status}`)
    if (introspection !== undefined) {
      const told = await introspectOwn(present(client), introspection, present(tokens).access_token)
      hold(told.status === 401 || told.body['active'] === false, 'introspection still calls the token active')
    }
    await waitUntilRefused(target, present(tokens).access_token, `Patient/${present(tokens).patient}`)
    return again
  })
}
