import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { negotiate } from '@uthopp/smart-core/negotiate'
import { parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { askerOfService } from '#src/policy/asker.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import { traceOf } from './front.ts'
import { undecided } from './undecided.ts'

type BackendScopesDeps = {
  readonly policy: IssuancePolicy
  readonly clients: ClientStore
  readonly tenant: string
}

const refuse = (reason: string): never => {
  throw new errors.CustomOIDCProviderError('invalid_scope', reason)
}

/**
 * SMART App Launch 2.2.0, "Backend Services": nothing beyond what the trust approved, narrowed where that is less (SAL-171), and
 * of that what policy permits a service without a person.
 */
export const createBackendScopes =
  ({ policy, clients, tenant }: BackendScopesDeps) =>
  async (ctx: KoaContextWithOIDC): Promise<string> => {
    const { client, params } = ctx.oidc
    const registered = client && (await clients.find(client.clientId))
    if (params === undefined || registered === undefined) return refuse('this service is not known')
    const asked = typeof params['scope'] === 'string' ? params['scope'] : ''
    const negotiation = negotiate({
      asked,
      registered: parseScopeSet(registered.scope).scopes,
      context: { patient: false, encounter: false, fhirUser: false, kind: 'backend' },
      mayRefresh: false,
    })
    if (negotiation.granted.length === 0) refuse('no requested scope is approved for this service')
    const verdict = await policy.decideScopes(
      {
        moment: 'token',
        asker: askerOfService(tenant, registered.clientId),
        client: registered,
        trace: traceOf(ctx.req),
        launchId: null,
        grantId: null,
        senderConstrained: false,
      },
      { ...negotiation, asked: scopesIn(asked) },
    )
    if (verdict.kind === 'unavailable') return undecided()
    if (verdict.granted.length === 0) refuse('no requested scope is permitted for this service')
    // QUIRK(oidc-provider): the token carries what was asked for, by string, so what was narrowed is asked for from here on.
    const scope = verdict.granted.join(' ')
    params['scope'] = scope
    return scope
  }
