import type { Context } from 'koa'

/** For answers that are data, not pages: nothing may run, load or frame them. */
export const API_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The headers every answer starts with; a route may replace its own. */
export function setSecurityHeaders(ctx: Context, options: { readonly csp: string; readonly hsts: boolean }): void {
  ctx.set({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Answers of ours are about one person in one role; whoever wants caching says so (static bundles, JWKS, discovery).
    'cache-control': 'no-store',
  })
  setCsp(ctx, options.csp)
  if (options.hsts) ctx.set('strict-transport-security', 'max-age=31536000')
}

/** Sets the policy of this answer, and keeps X-Frame-Options in step with its `frame-ancestors`. */
export function setCsp(ctx: Context, csp: string): void {
  ctx.set('content-security-policy', csp)
  if (csp.includes("frame-ancestors 'none'")) ctx.set('x-frame-options', 'DENY')
  else ctx.remove('x-frame-options')
}
