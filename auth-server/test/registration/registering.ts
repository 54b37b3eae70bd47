import { authorizing } from '#test/support/launch.ts'
import type { World } from '#test/support/world.ts'

/** A public app as a stranger registers it. */
export const APP = {
  client_name: 'A stranger’s app',
  redirect_uris: ['http://localhost:9999/'],
  launch_uris: ['http://localhost:9999/launch.html'],
  scope: 'launch openid fhirUser patient/Patient.r',
  token_endpoint_auth_method: 'none',
}

export const registerAt = (issuer: string, metadata: unknown): Promise<Response> =>
  fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
  })

/** Its authorization request, once it is registered. */
export const requestOf = (world: World, handle: string, clientId: unknown) =>
  authorizing(world, handle, {
    client_id: String(clientId),
    redirect_uri: 'http://localhost:9999/',
    scope: APP.scope,
  })
