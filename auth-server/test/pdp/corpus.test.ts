import { decisionPointContract } from '@uthopp/policy/contract'
import { CORPUS_TIME } from '@uthopp/policy/corpus'
import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { createRemoteDecisionPoint } from '@uthopp/policy/remote'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { tenantOf } from '@uthopp/storage/tenant'
import type { Client } from '#src/clients/client.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { OUS } from '#test/support/stub-host.ts'
import { apiToken, startWorld, type World } from '#test/support/world.ts'

const PEPS = ['gateway', 'host', 'issuance'] as const
type Pep = (typeof PEPS)[number]

/** Who would ask this: each enforcement point may ask about what is its own (AZ-37). */
function pepOf({ question: { action } }: Ask): Pep {
  if (action === 'grantScope') return 'issuance'
  return action === 'launch' || action === 'selfAuthorize' || action === 'breakGlass' ? 'host' : 'gateway'
}

/** An authorization server elsewhere, with the keys of the stub host. */
async function registerIssuance(world: World): Promise<void> {
  const client: Client = {
    clientId: 'issuance',
    name: 'An authorization server elsewhere',
    redirectUris: [],
    launchUris: [],
    grantTypes: ['client_credentials'],
    authentication: {
      method: 'private_key_jwt',
      keys: { kind: 'address', jwksUri: `${world.host.origin}/${OUS}/jwks.json` },
    },
    scope: '__pdp.evaluate',
    idTokenAlg: 'RS256',
    zone: 'internal',
    approval: 'none',
    host: undefined,
  }
  await createClientStore(world.db, tenantOf(OUS)).put(client)
}

/** The whole corpus, through the real endpoints, with the tokens of those who ask. */
decisionPointContract('at `<issuer>/pdp`', async (facts) => {
  const local = createDecisionPoint({ facts, rules: OWN_RULES, now: () => CORPUS_TIME, log: () => undefined })
  const world = await startWorld({ point: local })
  await registerIssuance(world)
  const remotes = new Map<Pep, DecisionPoint>()
  for (const pep of PEPS) {
    const token = await apiToken(world, pep, '__pdp.evaluate')
    const pdp = `${world.issuer()}/pdp`
    const now = () => new Date()
    remotes.set(
      pep,
      createRemoteDecisionPoint({ pdp, authorization: async () => `Bearer ${token}`, timeoutMs: 30_000, now }),
    )
  }
  const remoteOf = (ask: Ask | undefined): DecisionPoint => (ask && remotes.get(pepOf(ask))) ?? local
  return {
    point: {
      decide: (ask) => remoteOf(ask).decide(ask),
      decideAll: (asks, semantics) => remoteOf(asks[0]).decideAll(asks, semantics),
      ready: () => undefined,
      close: async () => undefined,
    },
    async close() {
      await Promise.all([...remotes.values(), local].map((point) => point.close()))
      await world.close()
    },
  }
})
