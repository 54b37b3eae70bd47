import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { issuerOf } from '@uthopp/server-kit/deployment'
import { anything, readMembers, text } from '@uthopp/server-kit/members'
import { askPeer } from '@uthopp/server-kit/peer'
import { accept, refuse } from '@uthopp/server-kit/refusal'

const REQUEST = { required: { tenant: text, metadata: anything } }

/** `POST /api/registrations`: hands the portal's form to the trust's own `POST <issuer>/register` and its answer back. */
export const passRegistration = (deployment: Deployment) => async (ctx: AppContext) => {
  const { tenant, metadata } = accept(readMembers(await readJson(ctx), REQUEST))
  if (!deployment.trusts.some(({ orgnr }) => orgnr === tenant))
    refuse(400, 'invalid_request', '`tenant` is not a trust of this deployment')
  const answer = await askPeer(
    ctx.state.trace,
    'the authorization server',
    `${issuerOf(deployment, tenant)}/register`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata.json),
    },
  )
  ctx.status = answer.status
  ctx.body = await answer.json()
}
