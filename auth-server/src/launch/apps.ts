import type { AppContext } from '@uthopp/server-kit/http-app'
import type { ClientStore } from '#src/storage/clients.ts'
import type { RequireHost } from './host-auth.ts'

/** `GET <issuer>/launches/apps`: what this trust has approved, for a host to choose from. */
export const listApps =
  (deps: { readonly requireHost: RequireHost; readonly clients: ClientStore }) =>
  async (ctx: AppContext): Promise<void> => {
    await deps.requireHost(ctx)
    const clients = await deps.clients.all()
    ctx.body = {
      apps: clients
        .filter((client) => client.approval !== 'none' && client.launchUris.length > 0)
        .map((client) => ({
          client_id: client.clientId,
          client_name: client.name,
          launch_uris: client.launchUris,
          redirect_uris: client.redirectUris,
          scope: client.scope,
          demo_approved: client.approval === 'demo-automatic',
          ...(client.registration === undefined ? {} : { client_id_issued_at: client.registration.issuedAtSeconds }),
        })),
    }
  }
