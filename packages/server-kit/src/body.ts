import type { Context } from 'koa'
import { getRawBody } from 'raw-body'
import { Refusal, refuse } from './refusal.ts'

export const BODY_LIMIT = 64 * 1024
export const FHIR_BODY_LIMIT = 1024 * 1024

export type BodyOptions = {
  readonly limit?: number
  /** Media types taken, without parameters. */
  readonly types?: readonly string[]
}

/** Reads the body as it came; 413 over the limit, 415 for another type or a compressed body. */
export async function readRaw(ctx: Context, options: BodyOptions = {}): Promise<Buffer> {
  const limit = options.limit ?? BODY_LIMIT
  if (options.types && !options.types.includes(mediaType(ctx))) {
    refuse(415, 'unsupported_media_type', `expected ${options.types.join(' or ')}`)
  }
  // A compressed body could unfold past every limit; nobody needs one at these sizes.
  if ((ctx.get('content-encoding') || 'identity').toLowerCase() !== 'identity') {
    refuse(415, 'unsupported_media_type', 'compressed bodies are not taken')
  }
  try {
    return await getRawBody(ctx.req, { limit, length: ctx.get('content-length') || null })
  } catch (cause) {
    const type = cause instanceof Error && 'type' in cause ? cause.type : undefined
    if (type === 'entity.too.large') {
      // The rest of the body is not worth reading: the connection ends with the answer.
      throw new Refusal(413, 'payload_too_large', `the body is larger than ${limit} bytes`, {
        headers: { connection: 'close' },
      })
    }
    if (type === 'request.aborted' || type === 'request.size.invalid') {
      throw new Refusal(400, 'invalid_request', 'the body ended early', { cause })
    }
    throw cause
  }
}

/** Reads a JSON body; the caller still has to give it a type. */
export async function readJson(ctx: Context, options: BodyOptions = {}): Promise<unknown> {
  const body = await readText(ctx, { types: ['application/json'], ...options })
  try {
    return JSON.parse(body)
  } catch {
    // The parser's message quotes the body, so it is not kept as a cause.
    return refuse(400, 'invalid_request', 'the body is not valid JSON')
  }
}

/** Reads a form; a parameter given twice is refused (RFC 6749 §3.1: parameters must not be included more than once). */
export async function readForm(ctx: Context, options: BodyOptions = {}): Promise<ReadonlyMap<string, string>> {
  const body = await readText(ctx, { types: ['application/x-www-form-urlencoded'], ...options })
  return singleParameters(new URLSearchParams(body))
}

/** The parameters of a query or form, each at most once; an empty value counts as absent (RFC 6749 §3.1). */
export function singleParameters(parameters: URLSearchParams): ReadonlyMap<string, string> {
  const single = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (single.has(name)) refuse(400, 'invalid_request', `parameter \`${name.slice(0, 64)}\` is given more than once`)
    single.set(name, value)
  }
  for (const [name, value] of single) if (value === '') single.delete(name)
  return single
}

async function readText(ctx: Context, options: BodyOptions): Promise<string> {
  const body = await readRaw(ctx, options)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new Refusal(400, 'invalid_request', 'the body is not valid UTF-8', { cause })
  }
}

const mediaType = (ctx: Context): string => (ctx.get('content-type').split(';')[0] ?? '').trim().toLowerCase()
