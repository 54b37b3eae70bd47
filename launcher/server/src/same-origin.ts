import type { Next } from 'koa'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'

/**
 * Keeps other people's pages away from the launcher's API, which holds a host credential.
 *
 * A foreign `Host` is DNS rebinding, a foreign or `null` `Origin` is a page of somebody else's; scripts send no `Origin`
 * and pass. JSON only (the body readers see to it) makes a cross-site form useless, and there is no CORS.
 */
export const ownPagesOnly = (address: string, port: () => number) => async (ctx: AppContext, next: Next) => {
  // The address of the deployment, and whatever name of this machine reaches the port itself.
  const own = [address, ...['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port()}`)]
  if (!own.some((origin) => new URL(origin).host === ctx.get('host'))) {
    refuse(403, 'access_denied', 'this API answers only under its own address')
  }
  const origin = ctx.get('origin')
  if (origin !== '' && !own.includes(origin))
    refuse(403, 'access_denied', 'this API does not answer pages of other origins')
  await next()
}
