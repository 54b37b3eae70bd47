import { type AssertionAlgorithm, type ClientKind, type KeyServer, registerClient } from './client-kinds.ts'
import { createWalk, hold, type Outcomes } from './steps.ts'
import type { SmartConfiguration, Target } from './target.ts'
import { postAs, readFhir, waitUntilRefused } from './tokens.ts'

const SCOPE = 'system/Patient.rs'

/** What a backend service registers beside its keys: it has no person, so nowhere to send one. */
export const BACKEND_METADATA = {
  grant_types: ['client_credentials'],
  redirect_uris: [],
  launch_uris: [],
  response_types: [],
} as const

/** A backend service from registration to its first search (SMART App Launch 2.2.0, "Backend Services"). */
export async function runBackendService(settings: {
  readonly target: Target
  readonly smart: SmartConfiguration
  readonly algorithm: AssertionAlgorithm
  readonly keyServer: KeyServer
  readonly opaque?: boolean
}): Promise<Outcomes> {
  const { target, smart, algorithm, keyServer, opaque = false } = settings
  const walk = createWalk()
  const kind: ClientKind = {
    name: `backend, ${algorithm}`,
    method: 'private_key_jwt',
    algorithm,
    keys: 'address',
    ...(opaque ? { members: { access_token_format: 'opaque' } } : {}),
  }
  const client = await walk.take('register', () =>
    registerClient(smart, kind, { scope: SCOPE, keyServer, metadata: BACKEND_METADATA }),
  )
  const tokens = await walk.take('token', async () => {
    hold(client !== undefined, 'registration made no client')
    const form = { grant_type: 'client_credentials', scope: SCOPE }
    const { status, body } = await postAs(client, smart.token_endpoint, form)
    hold(status === 200, `the token endpoint answered ${status} ${String(body['error'])}`)
    hold(body['scope'] === SCOPE && body['token_type'] === 'Bearer', 'scope or type is not what was asked for')
    hold(Number(body['expires_in']) <= 300 && typeof body['expires_in'] === 'number', '`expires_in` is over 300')
    hold(body['refresh_token'] === undefined && body['id_token'] === undefined, 'a backend service has no person')
    return body
  })
  const accessToken = String(tokens?.['access_token'])
  await walk.take('FHIR read', async () => {
    const answer = await readFhir(target, accessToken, 'Patient?_count=1')
    hold(answer.status === 200, `the FHIR base answered ${answer.status}`)
    return answer
  })
  const { introspection_endpoint: introspection, revocation_endpoint: revocation } = smart
  const post = async (endpoint: string | undefined) => {
    hold(client !== undefined && endpoint !== undefined, 'there is no client, or nowhere to ask')
    return postAs(client, endpoint, { token: accessToken })
  }
  const told = async () => (await post(introspection)).body
  await walk.take('introspection', async () => {
    const body = await told()
    hold(body['active'] === true && body['scope'] === SCOPE, 'introspection does not know the token')
    return body
  })
  await walk.take('revocation', async () => {
    const answer = await post(revocation)
    hold(answer.status === 200, `revocation answered ${answer.status}`)
    return answer
  })
  await walk.take('refused afterwards', async () => {
    hold((await told())['active'] === false, 'introspection still calls the token active')
    await waitUntilRefused(target, accessToken, 'Patient?_count=1')
    return {}
  })
  return walk.outcomes
}
