import type { AuthorizedLaunch, LaunchRequest, LaunchTicket } from '@uthopp/smart-core/launch'

/** What one HTTP request of the library knows about its launch. Gone with the request. */
export type RequestMemo = {
  redeemed?: { readonly request: LaunchRequest; readonly ticket: LaunchTicket }
  authorized?: AuthorizedLaunch | undefined
}

const memos = new WeakMap<object, RequestMemo>()

/** Keyed by the raw request, because the library wraps its context anew in places. */
export function memoOf(ctx: { readonly req: object }): RequestMemo {
  const known = memos.get(ctx.req)
  if (known !== undefined) return known
  const fresh: RequestMemo = {}
  memos.set(ctx.req, fresh)
  return fresh
}
