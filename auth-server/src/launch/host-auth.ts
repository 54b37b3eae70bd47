import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Client, HostPowers } from '#src/clients/client.ts'
import type { RequireScope } from '#src/clients/scoped-caller.ts'

export type Host = Client & { readonly host: HostPowers }
export type RequireHost = (ctx: AppContext) => Promise<Host>

/** Answers which host is calling: whoever may call the launch API, and is registered with the powers of a host. */
export const createHostAuth =
  (requireScope: RequireScope): RequireHost =>
  async (ctx) => {
    const { client } = await requireScope(ctx, ['__launch'])
    if (client.host === undefined)
      return refuse(403, 'insufficient_scope', 'the launch API needs a client registered as a host', {
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="__launch"' },
      })
    return { ...client, host: client.host }
  }
