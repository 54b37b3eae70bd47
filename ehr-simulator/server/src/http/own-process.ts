import { type AppContext, goOnWithCallersTrace } from '@uthopp/server-kit/http-app'
import type { ServiceVerifier } from '@uthopp/server-kit/service-token'

/** Lets in one of our own processes, whose story this request goes on with; everybody else's begins here. */
export async function requireOwnProcess(ctx: AppContext, guard: ServiceVerifier) {
  const caller = await guard.verify(ctx.get('authorization'))
  goOnWithCallersTrace(ctx)
  return caller
}
