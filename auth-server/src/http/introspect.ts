import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { goOnWithOwnTrace } from '#src/clients/own-process.ts'
import type { Issuer } from '#src/issuer.ts'
import { handOver } from '#src/provider/front.ts'
import { tellIntrospected } from '#src/provider/token-questions.ts'
import { introspectAsBearer } from '#src/provider/token-status.ts'
import { makeReadableAnywhere } from './readable-anywhere.ts'

/** `POST <issuer>/introspect` (RFC 7662): by Bearer token here, by client authentication in the library. */
export async function introspect(ctx: AppContext, issuer: Issuer, body: Buffer): Promise<void> {
  const bearer = /^Bearer (?<token>\S+)$/i.exec(ctx.get('authorization'))?.groups?.['token']
  if (bearer === undefined) {
    // RFC 7662 §2.1: a caller who does not say who it is gets 401, before anything about a token is looked at.
    const form = new URLSearchParams(body.toString('utf8'))
    if (ctx.get('authorization') === '' && !form.has('client_assertion') && !form.has('client_secret'))
      return unauthorized(ctx)
    return handOver(ctx, issuer.issuer, issuer.provider.callback, body)
  }
  makeReadableAnywhere(ctx)
  if (ctx.is('application/x-www-form-urlencoded') === false)
    return refuse(400, 'invalid_request', 'the body must be a form')
  const form = new URLSearchParams(body.toString('utf8'))
  // RFC 6749 §2.3: whoever calls says in one way who they are.
  if (form.has('client_secret') || form.has('client_assertion'))
    return refuse(400, 'invalid_request', 'a caller authenticates in one way')
  const names = [...form.keys()]
  const asked = form.get('token')
  if (asked === null || asked === '' || new Set(names).size !== names.length)
    return refuse(400, 'invalid_request', '`token` must be given, and every parameter once')
  const found = await introspectAsBearer(issuer.provider.accessTokens, bearer, asked, `${issuer.issuer}/introspect`)
  if (found === undefined) return unauthorized(ctx)
  goOnWithOwnTrace(ctx, found.caller)
  tellIntrospected(issuer.events, ctx.state.trace.traceId, found.caller, found.answer)
  ctx.set('pragma', 'no-cache')
  ctx.body = found.answer
}

function unauthorized(ctx: AppContext): never {
  makeReadableAnywhere(ctx)
  return refuse(401, 'invalid_token', 'introspection needs a valid access token or client authentication', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}
