import { readRaw } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'
import { errorPage } from '#src/pages/error-page.ts'
import { languageOf } from '#src/pages/language.ts'
import { show } from '#src/pages/show.ts'
import { standaloneRequestOf } from '#src/provider/standalone.ts'
import { answerForm } from './answer.ts'
import { type InteractDeps, showStanding, type Visit } from './visit.ts'

const FORM = { types: ['application/x-www-form-urlencoded'] }
/** Names that a form of ours sends once; only checkboxes come in numbers. */
const MANY = 'scope'

function showError(ctx: AppContext, status: number, code: string): void {
  const acceptLanguage = ctx.get('accept-language')
  const correlationId = ctx.state.trace.traceId
  show(ctx, status, errorPage({ code, acceptLanguage, correlationId, frameAncestors: [] }))
}

/**
 * A form of another site's. Browsers say in `Origin` where a form comes from; who says nothing is no browser, and has no
 * cookie of somebody else's either, which `SameSite` would not have sent along.
 */
const isForeignForm = (ctx: AppContext, issuer: string): boolean =>
  (ctx.get('origin') !== '' && ctx.get('origin') !== new URL(issuer).origin) ||
  ctx.get('sec-fetch-site') === 'cross-site'

async function readSmallForm(ctx: AppContext): Promise<URLSearchParams | undefined> {
  const form = new URLSearchParams((await readRaw(ctx, FORM)).toString('utf8'))
  const names = [...form.keys()].filter((name) => name !== MANY)
  return new Set(names).size === names.length ? form : undefined
}

async function visitOf(deps: InteractDeps, ctx: AppContext, id: string): Promise<Visit | undefined> {
  const interaction = await deps.provider.findInteraction(ctx.req, ctx.res)
  if (interaction === undefined || interaction.id !== id) return undefined
  const request = await standaloneRequestOf(interaction.params, deps.clients)
  return request && { ctx, interaction, request, language: languageOf(ctx.get('accept-language')) }
}

/** `<issuer>/interaction/<id>`: signs a person in, lets them choose and asks them, in forms that need no script. */
export const interact =
  (deps: InteractDeps) =>
  async (ctx: AppContext, id: string): Promise<void> => {
    // Under `no-referrer` a browser sends `Origin: null` with our own forms too (Fetch, "append a request Origin header").
    ctx.set('referrer-policy', 'same-origin')
    const post = ctx.method === 'POST'
    const refused = (status: number, code: string) => {
      deps.events.tell('interaction-refused', { correlationId: ctx.state.trace.traceId, code })
      showError(ctx, status, code)
    }
    if (post && isForeignForm(ctx, deps.issuer)) return refused(403, 'interaction_foreign')
    try {
      const visit = await visitOf(deps, ctx, id)
      if (visit === undefined) return refused(400, 'interaction_over')
      if (!post) return await showStanding(deps, visit)
      const form = await readSmallForm(ctx)
      if (form === undefined) return refused(400, 'invalid_request')
      await answerForm(deps, visit, form)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      ctx.set(error.headers)
      refused(error.status, error.code)
    }
  }
