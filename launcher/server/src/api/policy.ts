import { readJson } from '@uthopp/server-kit/body'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { issuerOf } from '@uthopp/server-kit/deployment'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { askPeer } from '@uthopp/server-kit/peer'
import { refuse } from '@uthopp/server-kit/refusal'
import type { TrustAccess } from '../demo-world.ts'

/** A candidate rule book travels in these bodies. */
const LARGEST_BODY = 256 * 1024
/** A candidate is read, checked and asked in a thread of its own. */
const PATIENCE_MS = 35_000

const CORRELATION_ID = /^[0-9a-f]{32}$/

export type PolicyDoors = {
  readonly deployment: Deployment
  readonly trusts: ReadonlyMap<string, TrustAccess>
}

function accessTo({ trusts }: PolicyDoors, tenant: unknown): TrustAccess {
  const access = typeof tenant === 'string' ? trusts.get(tenant) : undefined
  return access ?? refuse(400, 'invalid_request', '`tenant` is not a trust of this deployment')
}

/** Hands a question to the trust's authorization server under the launcher's own token, and the answer back as it is. */
async function passOn(
  { deployment }: PolicyDoors,
  ctx: AppContext,
  access: TrustAccess,
  call: { readonly path: string; readonly scope: string; readonly body?: unknown },
): Promise<void> {
  const { trace } = ctx.state
  const authorization = `Bearer ${await access.tokens(call.scope).get(trace)}`
  const answer = await askPeer(
    trace,
    'the authorization server',
    `${issuerOf(deployment, access.trust.orgnr)}${call.path}`,
    {
      timeoutMs: PATIENCE_MS,
      ...(call.body === undefined
        ? { headers: { authorization } }
        : {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(call.body),
          }),
    },
  )
  ctx.status = answer.status
  ctx.set('cache-control', 'no-store')
  ctx.body = await answer.json()
}

/** The question without the member that says which trust it goes to. */
async function readQuestion(ctx: AppContext): Promise<{ readonly tenant: unknown; readonly question: unknown }> {
  const body = await readJson(ctx, { limit: LARGEST_BODY })
  if (typeof body !== 'object' || body === null || !('tenant' in body))
    return refuse(400, 'invalid_request', 'expected a JSON object with a `tenant`')
  const { tenant, ...question } = body
  return { tenant, question }
}

/** `GET /api/launches/<correlation id>/trace?tenant=…`: what was asked, granted and withheld by which rule since that click. */
export const traceLaunch = (doors: PolicyDoors) => async (ctx: AppContext, id: string) => {
  const access = accessTo(doors, ctx.query['tenant'])
  if (!CORRELATION_ID.test(id)) return refuse(404, 'not_found', 'there is no such launch')
  return passOn(doors, ctx, access, { path: `/explain/${id}`, scope: '__audit.read' })
}

/** `GET /api/rules?tenant=…`: the rule book that serves at a trust. */
export const tellRules = (doors: PolicyDoors) => (ctx: AppContext) =>
  passOn(doors, ctx, accessTo(doors, ctx.query['tenant']), { path: '/pdp/rules', scope: '__pdp.search' })

/** `POST /api/what-if`: what would be decided about a case nobody has. */
export const askWhatIf = (doors: PolicyDoors) => async (ctx: AppContext) => {
  const { tenant, question } = await readQuestion(ctx)
  await passOn(doors, ctx, accessTo(doors, tenant), { path: '/pdp/what-if', scope: '__pdp.search', body: question })
}

/** `POST /api/replay`: which of the last decisions a candidate book would have made otherwise. */
export const replayDecisions = (doors: PolicyDoors) => async (ctx: AppContext) => {
  const { tenant, question } = await readQuestion(ctx)
  await passOn(doors, ctx, accessTo(doors, tenant), {
    path: '/explain/replay',
    scope: '__audit.read',
    body: question,
  })
}
