import type { IncomingMessage } from 'node:http'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { newTrace, type Trace } from '@uthopp/server-kit/trace'
import { SIGN_IN_COOKIE } from '#src/standalone/sign-ins.ts'

const traces = new WeakMap<IncomingMessage, Trace>()

/** The trace of the outer request, which the library's own context does not know. */
export const traceOf = (req: IncomingMessage): Trace => traces.get(req) ?? newTrace()
export const correlationOf = (req: IncomingMessage): string => traces.get(req)?.traceId ?? ''

/** Names the way back from the interaction pages; the library sets it for the one address of one interaction. */
export const RESUME_COOKIE = '__Secure-uthopp-resume'

/**
 * What the library gets to see: our proofs, our sign-in, which it does not know, and the way back to it.
 * Under the name of its own session it would act on whatever a caller sends, so that never passes.
 */
const LET_THROUGH = ['__Host-launch-', SIGN_IN_COOKIE, `${RESUME_COOKIE}=`, `${RESUME_COOKIE}.sig=`]

const letThrough = (header: string | undefined): string | undefined =>
  header
    ?.split(';')
    .filter((pair) => LET_THROUGH.some((start) => pair.trim().startsWith(start)))
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

type Outside = { readonly host: string; readonly scheme: string; readonly path: string }
const outsides = new Map<string, Outside>()

/** Where an issuer is seen from outside; there are as many as trusts. */
function outsideOf(issuer: string): Outside {
  const known = outsides.get(issuer)
  if (known !== undefined) return known
  const { host, protocol, pathname } = new URL(issuer)
  const outside = { host, scheme: protocol.slice(0, -1), path: pathname }
  outsides.set(issuer, outside)
  return outside
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
  const outside = outsideOf(issuer)
  traces.set(req, ctx.state.trace)
  // Every address the library writes follows from these; a Host header of the caller's must not (OIDC Discovery §4.3).
  req.headers.host = outside.host
  req.headers['x-forwarded-proto'] = outside.scheme
  delete req.headers['x-forwarded-host']
  const cookies = letThrough(req.headers.cookie)
  if (cookies === undefined || cookies === '') delete req.headers.cookie
  else req.headers.cookie = cookies
  if (body !== undefined) replay(req, body)
  const path = req.url ?? '/'
  Object.assign(req, { originalUrl: path })
  req.url = path.slice(outside.path.length) || '/'
  ctx.respond = false
  await handler(req, ctx.res)
}
