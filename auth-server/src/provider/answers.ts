import type { KoaContextWithOIDC } from 'oidc-provider'

/** A malformed assertion is a failed authentication, not a malformed request (SMART App Launch 2.2.0; SAL-166). */
const ASSERTION_FAULTS = ['invalid client_assertion format', 'client_assertion_type must']

/** Facts that are not fresh are fresh again within seconds, or for a long time not. */
const RETRY_SECONDS = 2

/** RFC 6749 §5.2 has a code of its own for it. */
const GRANT_NOT_REGISTERED = 'requested grant type is not allowed for this client'

function faultOf(body: unknown): { error: string; description: string } | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  const description = 'error_description' in body ? String(body.error_description) : ''
  return { error: String(body.error), description }
}

const showsCredentials = (ctx: KoaContextWithOIDC): boolean =>
  ctx.get('authorization') !== '' ||
  ['client_secret', 'client_assertion'].some((name) => ctx.oidc.body?.[name] !== undefined)

/** Finishes answers of the token endpoint where the library stops short of SMART. Runs after the library on every answer. */
export async function finishTokenAnswer(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  await next()
  if (ctx.oidc?.route !== 'token') return
  ctx.set('pragma', 'no-cache') // SMART App Launch 2.2.0 asks for both; errors count too (SAL-82)
  if (ctx.status === 503) ctx.set('retry-after', String(RETRY_SECONDS))
  const fault = faultOf(ctx.body)
  if (fault?.error === 'invalid_client' && ctx.oidc.client !== undefined && !showsCredentials(ctx)) {
    // Nothing was tried, so there is nothing to be vague about; the default of RFC 7591 surprises people.
    const method = ctx.oidc.client.clientAuthMethod
    Object.assign(ctx.body ?? {}, {
      error_description: `no client authentication: this client is registered for ${method}`,
    })
  }
  if (fault?.error === 'invalid_request' && fault.description === GRANT_NOT_REGISTERED)
    Object.assign(ctx.body ?? {}, { error: 'unauthorized_client' })
  if (fault?.error !== 'invalid_request' || !ASSERTION_FAULTS.some((start) => fault.description.startsWith(start)))
    return
  ctx.status = 401
  ctx.body = { error: 'invalid_client', error_description: 'client authentication failed' }
}

/** Tells in openid-configuration what smart-configuration tells; the library lists only what it knows itself. */
export const finishDiscovery =
  (truth: Readonly<Record<string, unknown>>) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    if (ctx.oidc?.route === 'discovery' && typeof ctx.body === 'object' && ctx.body !== null)
      Object.assign(ctx.body, truth)
  }
