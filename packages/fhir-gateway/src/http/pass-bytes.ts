import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { boundaryOf, rewritePartHeaders } from '#src/dicomweb/part-headers.ts'
import { upstreamFailed } from '#src/http/refusals.ts'
import type { Trust } from '#src/trust.ts'

/** Streams pixels to the caller; of what stands around them only types, lengths and our own addresses pass. */
export function passBytes(ctx: AppContext, trust: Trust, incoming: IncomingMessage): void {
  const { 'content-type': type = 'application/octet-stream', 'content-length': length } = incoming.headers
  const boundary = boundaryOf(type)
  if (boundary === undefined && /^multipart\//i.test(type)) {
    incoming.destroy()
    throw upstreamFailed() // parts that cannot be told apart may name addresses behind us
  }
  ctx.status = 200
  ctx.set('content-type', type)
  if (boundary === undefined) {
    if (length !== undefined) ctx.set('content-length', length)
    ctx.body = incoming
    return
  }
  const rewriting = rewritePartHeaders(boundary, (line) => ownHeader(line, trust))
  // Whatever ends one of the two ends the other; the error is told where the answer is.
  ctx.body = pipeline(incoming, rewriting, () => undefined)
}

/** A part tells its type and its address: ours, or none (RFC 9110 §8.7). */
function ownHeader(line: string, trust: Trust): string | undefined {
  const [name = '', ...value] = line.split(':')
  switch (name.trim().toLowerCase()) {
    case 'content-type':
    case 'content-length':
    case 'content-encoding':
    case 'content-transfer-encoding':
      return line
    case 'content-location': {
      const address = value.join(':').trim()
      const ours = trust.toOurs(address)
      return ours === address ? undefined : `${name}: ${ours}`
    }
    default:
      return undefined
  }
}
