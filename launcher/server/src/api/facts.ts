import { readJson } from '@uthopp/server-kit/body'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { factsOf } from '@uthopp/server-kit/deployment'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { anything, choice, readMembers, text } from '@uthopp/server-kit/members'
import { askPeer } from '@uthopp/server-kit/peer'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { TrustAccess } from '../demo-world.ts'

/** What the registers of a hospital tell its host; in the demo world nobody else plays them. */
export const REGISTERS = [
  'adt',
  'blocks',
  'blocks/lift',
  'responsibilities',
  'responsibilities/end',
  'care-team',
  'decisions',
  'decisions/end',
  'licences',
] as const

const REQUEST = { required: { tenant: text, register: choice(REGISTERS), entry: anything } }

/** `POST /api/facts`: plays patient administration and the registers towards a trust's host, and hands its answer back. */
export const passFact =
  (deployment: Deployment, trusts: ReadonlyMap<string, TrustAccess>) => async (ctx: AppContext) => {
    const { tenant, register, entry } = accept(readMembers(await readJson(ctx), REQUEST))
    const access = trusts.get(tenant) ?? refuse(400, 'invalid_request', '`tenant` is not a trust of this deployment')
    const base = factsOf(deployment, tenant)
    const answer = await askPeer(ctx.state.trace, `the host of ${access.trust.shortName}`, `${base}/${register}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await access.signer.bearer(base, '__facts.write') },
      body: JSON.stringify(entry.json),
    })
    ctx.status = answer.status
    if (answer.status !== 204) ctx.body = await answer.json()
  }
