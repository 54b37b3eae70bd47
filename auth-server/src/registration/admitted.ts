import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Client } from '#src/clients/client.ts'
import { secretHash } from '#src/launch/secrets.ts'
import type { Admitted, InitialTokens } from '#src/storage/initial-tokens.ts'
import type { World } from './address.ts'

type Deps = { readonly world: World; readonly initialTokens: InitialTokens; readonly now: () => Date }

/** Somebody who may register: what is decided of the app, once, and how to undo that where nothing came of it. */
export type Registrant = {
  readonly spend: () => Promise<Pick<Client, 'zone' | 'approval' | 'backend'>>
  readonly giveBack: () => Promise<void>
}

const unauthorized = (sent: boolean): never =>
  refuse(401, 'invalid_token', 'registration needs an initial access token from the trust', {
    // RFC 6750 §3.1: who showed nothing is told nothing about it.
    headers: { 'www-authenticate': sent ? 'Bearer error="invalid_token"' : 'Bearer' },
  })

const approvalBy = (who: 'trust' | 'demo-automatic' | 'none', backend: boolean) =>
  backend && who !== 'none'
    ? ({ approval: 'none', backend: who } as const)
    : ({ approval: backend ? 'none' : who } as const)

/**
 * Answers who registers. In the demo world anybody may, and the app is approved at once and marked so (contracts §4); elsewhere
 * the trust has given out a token for it (RFC 7591 §3), and has decided by that what becomes of the app.
 */
export async function requireRegistrant(deps: Deps, ctx: AppContext): Promise<(backend: boolean) => Registrant> {
  if (deps.world === 'demo')
    return (backend) => ({
      spend: async () => ({ zone: 'internal', ...approvalBy('demo-automatic', backend) }),
      giveBack: async () => undefined,
    })
  const sent = ctx.get('authorization')
  const token = /^Bearer +(?<token>[\w-]{1,200})$/i.exec(sent)?.groups?.['token']
  const tokenHash = token === undefined ? undefined : secretHash(token)
  if (tokenHash === undefined || !(await deps.initialTokens.isGood(tokenHash, deps.now())))
    return unauthorized(sent !== '')
  return (backend) => ({
    async spend() {
      const admitted: Admitted | undefined = await deps.initialTokens.spend(tokenHash, deps.now())
      if (admitted === undefined) return unauthorized(true)
      return { zone: admitted.zone, ...approvalBy(admitted.approved ? 'trust' : 'none', backend) }
    },
    giveBack: () => deps.initialTokens.giveBack(tokenHash),
  })
}
