import type { AuditRecord } from '@uthopp/audit/record'
import { formatDecision } from '@uthopp/policy/authzen/decision'
import { parseEvaluation } from '@uthopp/policy/authzen/evaluation'
import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { RequireScope, ScopedCaller } from '#src/clients/scoped-caller.ts'
import type { Directory } from '#src/directory/directory.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import { mayAskAbout } from './allowed-actions.ts'
import { answering } from './answering.ts'
import { evaluateBatch, type ItemFault, readWith } from './evaluations.ts'
import { searchActions, type SearchDeps, searchResources } from './search.ts'
import { searchRecords } from './search-records.ts'
import { type Members, readQuestion } from './wire-body.ts'

const EVALUATE = '__pdp.evaluate'
const SEARCH = '__pdp.search'

const SEARCHES = new Map([
  ['action', searchActions],
  ['resource', searchResources],
])

export type PdpDeps = {
  readonly tenant: string
  readonly point: DecisionPoint
  readonly requireScope: RequireScope
  readonly clients: ClientStore
  readonly directory: Pick<Directory, 'searchPatients'>
  readonly write: (records: readonly AuditRecord[]) => Promise<void>
  readonly now: () => Date
}

/** The decision point of one trust over HTTP (AuthZEN Authorization API 1.0). */
export function createPdp(deps: PdpDeps) {
  const { point, requireScope, tenant } = deps

  /** Which trust, and under which correlation id, is this server's own to know: a question about another one is none. */
  const parser =
    ({ state: { trace } }: AppContext) =>
    (evaluation: Members): Ask | Problem => {
      const ask = parseEvaluation(evaluation)
      if (isProblem(ask)) return ask
      if (ask.circumstance.tenant !== tenant) return problem('context.tenant', '`context.tenant` is not this trust')
      const { traceId: correlationId, traceparent } = trace
      return { ...ask, circumstance: { ...ask.circumstance, correlationId, traceparent } }
    }

  const allowedFor =
    ({ client }: ScopedCaller) =>
    ({ question: { action } }: Ask): ItemFault | undefined =>
      mayAskAbout(client.clientId, action)
        ? undefined
        : { kind: 'fault', status: 403, message: `this client may not ask about \`action.name\` ${action}` }

  async function evaluateOne(ctx: AppContext, caller: ScopedCaller, body: Members) {
    const ask = readWith(parser(ctx), allowedFor(caller))(body)
    if ('kind' in ask) return refuse(ask.status, ask.status === 403 ? 'access_denied' : 'invalid_request', ask.message)
    return formatDecision(await point.decide(ask))
  }

  const searchDeps = (ctx: AppContext): SearchDeps => ({
    point,
    parse: parser(ctx),
    apps: async () =>
      (await deps.clients.all())
        .filter(({ approval, launchUris }) => approval !== 'none' && launchUris.length > 0)
        .map(({ clientId }) => clientId),
    patients: async (user, role) =>
      (await deps.directory.searchPatients({ user, role: role ?? undefined, text: '' }, ctx.state.trace)).map(
        ({ id }) => id,
      ),
  })

  return {
    evaluation: (ctx: AppContext) =>
      answering(ctx, async () => {
        const caller = await requireScope(ctx, [EVALUATE])
        return evaluateOne(ctx, caller, await readQuestion(ctx))
      }),

    evaluations: (ctx: AppContext) =>
      answering(ctx, async () => {
        const caller = await requireScope(ctx, [EVALUATE])
        const body = await readQuestion(ctx)
        const batch = await evaluateBatch(point, body, readWith(parser(ctx), allowedFor(caller)), formatDecision)
        return batch ?? evaluateOne(ctx, caller, body)
      }),

    search: (ctx: AppContext, what: string) =>
      answering(ctx, async () => {
        const { client } = await requireScope(ctx, [SEARCH])
        const search = SEARCHES.get(what)
        const body = await readQuestion(ctx)
        if (search === undefined) return refuse(404, 'not_found', 'there is no such search here')
        const searched = await search(searchDeps(ctx), body)
        await deps.write(searchRecords(deps, ctx, client.clientId, searched))
        return searched.answer
      }),
  }
}
