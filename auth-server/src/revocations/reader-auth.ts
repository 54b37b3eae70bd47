import { type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { ClientStore } from '#src/storage/clients.ts'

/** Who may read the stream, and until when. */
type Reader = { readonly clientId: string; readonly until: Date }
export type RequireReader = (ctx: AppContext) => Promise<Reader>

const SCOPE = '__revocations'

const unauthorized = (cause?: unknown): never =>
  refuse(401, 'invalid_token', 'a valid access token for the revocation stream is needed here', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    cause,
  })

/** Admits a token of this issuer, for this stream, held by a client that still is registered for it. */
export function createReaderAuth(deps: {
  readonly issuer: string
  readonly audience: string
  readonly issuerKeys: JWTVerifyGetKey
  readonly clients: ClientStore
  readonly now: () => Date
}): RequireReader {
  return async (ctx) => {
    const token = /^Bearer (?<token>[\w-]+\.[\w-]+\.[\w-]+)$/i.exec(ctx.get('authorization'))?.groups?.['token']
    if (token === undefined) return unauthorized()
    const { payload } = await jwtVerify(token, deps.issuerKeys, {
      issuer: deps.issuer,
      audience: deps.audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'client_id', 'scope'],
      currentDate: deps.now(),
    }).catch(unauthorized)
    const { client_id: clientId, scope, exp } = payload
    if (typeof clientId !== 'string' || typeof scope !== 'string' || exp === undefined) return unauthorized()
    const registered = (await deps.clients.find(clientId))?.scope.split(' ') ?? []
    if (!scope.split(' ').includes(SCOPE) || !registered.includes(SCOPE))
      return refuse(403, 'insufficient_scope', `the revocation stream needs scope \`${SCOPE}\``, {
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${SCOPE}"` },
      })
    return { clientId, until: new Date(exp * 1000) }
  }
}
