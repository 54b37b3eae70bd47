import type { AppDeployment, Deployment } from '@uthopp/server-kit/deployment'
import type { ClientStore } from '#src/storage/clients.ts'
import type { Client } from './client.ts'

const appOf = (app: AppDeployment): Client => ({
  clientId: app.clientId,
  name: app.name,
  redirectUris: app.redirectUris,
  launchUris: app.launchUris,
  grantTypes: ['authorization_code', 'refresh_token'],
  authentication: { method: 'none' },
  scope: app.scope,
  idTokenAlg: 'RS256',
  zone: 'internal',
  approval: 'trust',
  host: undefined,
})

function hostOf(clientId: string, name: string, jwksUri: string, host: NonNullable<Client['host']>): Client {
  return {
    clientId,
    name,
    redirectUris: [],
    launchUris: [],
    grantTypes: ['client_credentials'],
    authentication: { method: 'private_key_jwt', keys: { kind: 'address', jwksUri } },
    scope: '__launch',
    idTokenAlg: 'RS256',
    zone: 'internal',
    approval: 'none',
    host,
  }
}

/** The clients that a deployment names for one trust: its host, its approved apps and, in the demo world, the developer portal. */
function deploymentClients(deployment: Deployment, orgnr: string): readonly Client[] {
  const { addresses, world } = deployment
  const demo = world === 'demo'
  const host = hostOf('host', 'DIPS', `${addresses.host}/${orgnr}/jwks.json`, {
    origins: deployment.hostOrigins,
    startByGet: false,
    unboundLaunches: demo,
  })
  const launcher = hostOf('launcher', 'Developer portal', `${addresses.launcher}/${orgnr}/jwks.json`, {
    origins: [new URL(addresses.launcher).origin],
    startByGet: true,
    unboundLaunches: true,
  })
  return [host, ...(demo ? [launcher] : []), ...deployment.apps.map(appOf)]
}

/** Makes the store agree with the deployment: what it no longer names is no longer a host and no longer approved. */
export async function applyDeployment(store: ClientStore, deployment: Deployment, orgnr: string): Promise<void> {
  const named = deploymentClients(deployment, orgnr)
  const ids = new Set(named.map((client) => client.clientId))
  for (const { clientId, approval, host } of await store.all()) {
    const came = approval === 'trust' || host !== undefined
    if (came && !ids.has(clientId)) await store.remove(clientId)
  }
  for (const client of named) await store.put(client)
}
