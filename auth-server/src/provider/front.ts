import type { IncomingMessage } from 'node:http'
import type { AppContext } from '@uthopp/server-kit/http-app'

const correlations = new WeakMap<IncomingMessage, string>()

/** The id of the outer request, which the library's own context does not know. */
export const correlationOf = (req: IncomingMessage): string => correlations.get(req) ?? ''

const PROOF_PREFIX = '__Host-launch-'

/** The library would act on a cookie under one of its names; it gets to see our proofs and nothing else. */
const proofsOnly = (header: string | undefined): string | undefined =>
  header
    ?.split(';')
    .filter((pair) => pair.trim().startsWith(PROOF_PREFIX))
    .join(';')

/** Lets the library read a body that has been read already, without its warning about foreign parsers. */
function replay(req: IncomingMessage, body: Buffer): void {
  req.headers['content-length'] = String(body.length)
  delete req.headers['transfer-encoding']
  // QUIRK(oidc-provider): it asks `readable` and then iterates; both are answered from memory.
  Object.defineProperty(req, 'readable', { value: true })
  Object.defineProperty(req, 'iterator', {
    value: async function* () {
      yield body
    },
  })
}

type Handler = (req: IncomingMessage, res: AppContext['res']) => Promise<void>

/** Hands one request to the library under its issuer's path, as if it had come from the issuer's own address. */
export async function handOver(
  ctx: AppContext,
  issuer: string,
  handler: Handler,
  body: Buffer | undefined,
): Promise<void> {
  const { req } = ctx
  const outside = new URL(issuer)
  correlations.set(req, ctx.state.trace.traceId)
  // Every address the library writes follows from these; a Host header of the caller's must not (OIDC Discovery §4.3).
  req.headers.host = outside.host
  req.headers['x-forwarded-proto'] = outside.protocol.slice(0, -1)
  delete req.headers['x-forwarded-host']
  const cookies = proofsOnly(req.headers.cookie)
  if (cookies === undefined || cookies === '') delete req.headers.cookie
  else req.headers.cookie = cookies
  if (body !== undefined) replay(req, body)
  const path = req.url ?? '/'
  Object.assign(req, { originalUrl: path })
  req.url = path.slice(outside.pathname.length) || '/'
  ctx.respond = false
  await handler(req, ctx.res)
}
