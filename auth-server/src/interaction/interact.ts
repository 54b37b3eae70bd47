import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'
import { languageOf } from '#src/pages/language.ts'
import { standaloneRequestOf } from '#src/provider/standalone.ts'
import { answerForm } from './answer.ts'
import { isForeignForm, readSmallForm, showError } from './forms.ts'
import { type InteractDeps, showStanding, type Visit } from './visit.ts'

async function visitOf(deps: InteractDeps, ctx: AppContext, id: string): Promise<Visit | undefined> {
  const interaction = await deps.provider.findInteraction(ctx.req, ctx.res)
  if (interaction === undefined || interaction.id !== id) return undefined
  const request = await standaloneRequestOf(interaction.params, deps.clients)
  if (request === undefined) return undefined
  const told = { interaction: id, clientId: request.client.clientId, correlationId: ctx.state.trace.traceId }
  const names: Visit['names'] = (person, type, patients) =>
    deps.tellShown({ ...told, person, type, patients: patients.map((patient) => patient.id) })
  return { ctx, interaction, request, language: languageOf(ctx.get('accept-language')), names }
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
