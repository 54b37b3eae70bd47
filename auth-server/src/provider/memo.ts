import type { AuthorizedLaunch, LaunchRequest, LaunchTicket } from '@uthopp/smart-core/launch'
import type { Settled } from '#src/standalone/progress.ts'
import type { Needed } from './standalone.ts'

/** What one HTTP request of the library knows about its launch. Gone with the request. */
type RequestMemo = {
  redeemed?: { readonly request: LaunchRequest; readonly ticket: LaunchTicket }
  /** A standalone launch that needed no page, and a name of its own in place of the interaction it did not have. */
  standalone?: { readonly settled: Settled; readonly interaction: string }
  /** What a standalone launch needs a page for. */
  needed?: Needed | undefined
  authorized?: AuthorizedLaunch | undefined
  /** What policy left of it when its code or refresh token was about to be spent. */
  narrowed?: AuthorizedLaunch
  /** True once the access log has been told of the tokens. */
  tokensTold?: true
  /** True once the access log has been told what this request ended; a revocation named none of the client's otherwise. */
  endTold?: true
  /** The ends of grants that this request has begun. */
  ends?: Map<string, Promise<void>>
  /** Writes the new refresh token, which waits for its access token. */
  keepRefreshToken?: () => Promise<string>
  /** How long what it leans on still holds; absent when nothing of it ends by itself. */
  accessSeconds?: number
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
