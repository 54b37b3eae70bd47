import type { AppDeployment, Deployment } from '@uthopp/server-kit/deployment'
import type { ClientStore } from '#src/storage/clients.ts'
import type { Client } from './client.ts'
import { GATEWAY } from './own-process.ts'

const appOf = (app: AppDeployment): Client => ({
  clientId: app.clientId,
  name: app.name,
  redirectUris: app.redirectUris,
  launchUris: app.launchUris,
  grantTypes: ['authorization_code', 'refresh_token'],
  authentication: { method: 'none' },
  scope: app.scope,
  idTokenAlg: 'RS256',
  zone: app.zone ?? 'internal',
  ...(app.mayWrite === undefined ? {} : { mayWrite: app.mayWrite }),
  ...(app.accessTokenFormat === undefined ? {} : { accessTokenFormat: app.accessTokenFormat }),
  ...(app.smartLevel === undefined ? {} : { smartLevel: app.smartLevel }),
  approval: 'trust',
  host: undefined,
})

type Process = Pick<Client, 'clientId' | 'name' | 'scope' | 'host'> & { readonly jwksUri: string }

/** A process that proves itself by its published keys and gets tokens for one of our own APIs, never for anybody's data. */
const processOf = ({ clientId, name, scope, host, jwksUri }: Process): Client => ({
  clientId,
  name,
  redirectUris: [],
  launchUris: [],
  grantTypes: ['client_credentials'],
  authentication: { method: 'private_key_jwt', keys: { kind: 'address', jwksUri } },
  scope,
  idTokenAlg: 'RS256',
  zone: 'internal',
  approval: 'none',
  host,
})

/** The clients that a deployment names for one trust: its host, its approved apps and, in the demo world, the developer portal. */
function deploymentClients(deployment: Deployment, orgnr: string): readonly Client[] {
  const { addresses, world } = deployment
  const demo = world === 'demo'
  const host = processOf({
    clientId: 'host',
    name: 'DIPS',
    scope: '__launch __audit.write __audit.read __pdp.evaluate __pdp.search',
    jwksUri: `${addresses.host}/${orgnr}/jwks.json`,
    host: { origins: deployment.hostOrigins, startByGet: false, unboundLaunches: false },
  })
  const launcher = processOf({
    clientId: 'launcher',
    name: 'Developer portal',
    scope: '__launch __pdp.search __audit.read',
    jwksUri: `${addresses.launcher}/${orgnr}/jwks.json`,
    host: { origins: [new URL(addresses.launcher).origin], startByGet: true, unboundLaunches: true },
  })
  const gateway = processOf({
    clientId: GATEWAY,
    name: 'FHIR gateway',
    scope: '__revocations __introspect __audit.write __pdp.evaluate',
    jwksUri: `${addresses.gateway}/jwks.json`,
    host: undefined,
  })
  return [host, gateway, ...(demo ? [launcher] : []), ...deployment.apps.map(appOf)]
}

/** Where the processes of this deployment publish their keys: told by whoever runs it, not by a stranger. */
export const keyAddressesOf = (deployment: Deployment, orgnr: string): ReadonlySet<string> =>
  new Set(
    deploymentClients(deployment, orgnr).flatMap(({ authentication }) =>
      authentication.method === 'private_key_jwt' && authentication.keys.kind === 'address'
        ? [authentication.keys.jwksUri]
        : [],
    ),
  )

/** Makes the store agree with the deployment: what it no longer names is no longer a host and no longer approved. */
export async function applyDeployment(
  store: ClientStore,
  deployment: Deployment,
  orgnr: string,
  now: Date,
): Promise<void> {
  const named = deploymentClients(deployment, orgnr)
  const ids = new Set(named.map((client) => client.clientId))
  for (const { clientId, approval, host, registration } of await store.all()) {
    const came = (approval === 'trust' && registration === undefined) || host !== undefined
    if (came && !ids.has(clientId)) await store.remove(clientId, now)
  }
  for (const client of named) await store.put(client)
}
