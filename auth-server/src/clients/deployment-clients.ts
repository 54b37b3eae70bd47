import type { AppDeployment, Deployment } from '@uthopp/server-kit/deployment'
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
export function deploymentClients(deployment: Deployment, orgnr: string): readonly Client[] {
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
