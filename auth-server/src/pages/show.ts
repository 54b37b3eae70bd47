import type { AppContext } from '@uthopp/server-kit/http-app'
import { setCsp } from '@uthopp/server-kit/security-headers'
import type { Page } from './page.ts'

/** Answers with a page and the policy it must be sent with. */
export function show(ctx: AppContext, status: number, page: Page): void {
  ctx.status = status
  ctx.type = 'html'
  ctx.body = page.body
  setCsp(ctx, page.csp)
}
