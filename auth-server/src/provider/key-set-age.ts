import type { KoaContextWithOIDC } from 'oidc-provider'

/** Lets readers keep the key set for a while that ends before any key in the next one signs. */
export const tellKeySetAge =
  (seconds: number) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    if (ctx.oidc?.route === 'jwks') ctx.set('cache-control', `public, max-age=${seconds}`)
  }
