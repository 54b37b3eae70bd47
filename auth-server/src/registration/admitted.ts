import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Client } from '#src/clients/client.ts'
import { secretHash } from '#src/launch/secrets.ts'
import { type Admitted, type InitialTokens, nameOfInitialToken } from '#src/storage/initial-tokens.ts'
import type { World } from './address.ts'
import type { Admission } from './admission.ts'

type Deps = {
  readonly world: World
  readonly admission: Admission
  readonly initialTokens: InitialTokens
  readonly now: () => Date
}

/** Somebody who may register: what is decided of the app, once, and how to undo that where nothing came of it. */
type Registrant = {
  /** The most that may be registered; null for whatever the metadata may name. */
  readonly scope: string | null
  /** By which initial access token, as the access log calls it. */
  readonly token: string | undefined
  readonly spend: (backend: boolean) => Promise<Pick<Client, 'zone' | 'approval' | 'backend'>>
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

const ANYBODY: Registrant = {
  scope: null,
  token: undefined,
  spend: async (backend) => ({ zone: 'internal', ...approvalBy('demo-automatic', backend) }),
  giveBack: async () => undefined,
}

/**
 * Answers who registers. In the demo world anybody may, and the app is approved at once and marked so (contracts §4); elsewhere
 * the trust has given out a token for it (RFC 7591 §3), and has decided by that what becomes of the app.
 *
 * A token that is good is looked at before anything is counted: strangers keep nobody waiting who was let in.
 */
export async function requireRegistrant(deps: Deps, ctx: AppContext, from: string): Promise<Registrant> {
  if (deps.world === 'demo') {
    deps.admission.countAnybody(from)
    return ANYBODY
  }
  const sent = ctx.get('authorization')
  const token = /^Bearer +(?<token>[\w-]{1,200})$/i.exec(sent)?.groups?.['token']
  const tokenHash = token === undefined ? undefined : secretHash(token)
  const admitted = tokenHash === undefined ? undefined : await deps.initialTokens.find(tokenHash, deps.now())
  if (tokenHash === undefined || admitted === undefined) {
    deps.admission.countStranger(from)
    return unauthorized(sent !== '')
  }
  deps.admission.countHolder(tokenHash)
  return {
    scope: admitted.scope,
    token: nameOfInitialToken(tokenHash),
    async spend(backend) {
      const spent: Admitted | undefined = await deps.initialTokens.spend(tokenHash, deps.now())
      if (spent === undefined) return unauthorized(true)
      return { zone: spent.zone, ...approvalBy(spent.approved ? 'trust' : 'none', backend) }
    },
    giveBack: () => deps.initialTokens.giveBack(tokenHash),
  }
}
