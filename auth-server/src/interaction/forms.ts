import { readRaw } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { errorPage } from '#src/pages/error-page.ts'
import { show } from '#src/pages/show.ts'

const FORM = { types: ['application/x-www-form-urlencoded'] }
/** What comes in numbers: checkboxes, and the categories of a list. */
const MANY = ['scope', 'only']

/**
 * A form of another site's. Browsers say in `Origin` where a form comes from; who says nothing is no browser, and has no
 * cookie of somebody else's either, which `SameSite` would not have sent along.
 */
export const isForeignForm = (ctx: AppContext, issuer: string): boolean =>
  (ctx.get('origin') !== '' && ctx.get('origin') !== new URL(issuer).origin) ||
  ctx.get('sec-fetch-site') === 'cross-site'

/** Reads a form of ours; undefined when a field comes twice. */
export async function readSmallForm(ctx: AppContext): Promise<URLSearchParams | undefined> {
  const form = new URLSearchParams((await readRaw(ctx, FORM)).toString('utf8'))
  const names = [...form.keys()].filter((name) => !MANY.includes(name))
  return new Set(names).size === names.length ? form : undefined
}

export function showError(ctx: AppContext, status: number, code: string): void {
  const acceptLanguage = ctx.get('accept-language')
  const correlationId = ctx.state.trace.traceId
  show(ctx, status, errorPage({ code, acceptLanguage, correlationId, frameAncestors: [] }))
}
