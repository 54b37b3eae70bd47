import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'

/** AZ-34: echoed as it was sent, which takes that it could stand in a header. */
const REQUEST_ID = /^[\x21-\x7e]{1,200}$/

/**
 * Lets a refusal leave the way AuthZEN 1.0 wants it: its status, and a JSON string that names the member and never a value
 * (AZ-35). The request id goes back on every answer.
 */
export async function answering(ctx: AppContext, answer: () => Promise<unknown>): Promise<void> {
  const requestId = ctx.get('x-request-id')
  if (REQUEST_ID.test(requestId)) ctx.set('x-request-id', requestId)
  ctx.set('cache-control', 'no-store')
  try {
    ctx.body = await answer()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    ctx.state.refusal = error.code
    ctx.status = error.status
    ctx.set(error.headers)
    ctx.type = 'json'
    ctx.body = JSON.stringify(error.hint)
  }
}
