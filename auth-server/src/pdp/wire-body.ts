import { MOST_BODY_BYTES } from '@uthopp/policy/authzen/evaluation'
import { readRaw } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'

export type Members = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads the body of a question. AuthZEN 1.0 has one answer for everything that is not JSON: 400 (AZ-17). */
export async function readQuestion(ctx: AppContext): Promise<Members> {
  if (ctx.is('application/json') !== 'application/json')
    return refuse(400, 'invalid_request', 'the content type must be application/json')
  const body = await readRaw(ctx, { limit: MOST_BODY_BYTES })
  const value = parse(body)
  if (!isObject(value)) return refuse(400, 'invalid_request', 'the body must be a JSON object')
  return value
}

function parse(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return value
  } catch {
    // The parser's message quotes the body, so it is not kept as a cause.
    return refuse(400, 'invalid_request', 'the body is not valid JSON')
  }
}
