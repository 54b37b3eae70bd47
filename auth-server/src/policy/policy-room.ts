import type { JWTVerifyGetKey } from 'jose'
import type { AuditRecord } from '@uthopp/audit/record'
import { createRepository } from '@uthopp/audit/repository'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditTrail } from '#src/audit/trail.ts'
import { createScopedCallers } from '#src/clients/scoped-caller.ts'
import type { Directory } from '#src/directory/directory.ts'
import type { AskBooks } from '#src/explain/ask-books.ts'
import { createDifferences } from '#src/explain/differences.ts'
import { createWhoAsks } from '#src/explain/who-asks.ts'
import { pdpOf } from '#src/pdp/metadata.ts'
import { createPdp } from '#src/pdp/pdp.ts'
import type { AccessTokens } from '#src/provider/access-tokens.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { OpenedPolicy } from './open-policy.ts'

/** What the addresses about decisions stand on: asked, explained, tried with other rules, and put again. */
export function createPolicyRoom(deps: {
  readonly issuer: string
  readonly tenant: Tenant
  readonly db: Database
  readonly opened: OpenedPolicy
  readonly trail: AuditTrail
  readonly issuerKeys: JWTVerifyGetKey
  /** Read anew by each request: keys change. */
  readonly accessTokens: () => AccessTokens
  readonly clients: ClientStore
  readonly directory: Pick<Directory, 'searchPatients'>
  readonly askBooks: AskBooks
  readonly now: () => Date
}) {
  const { issuer, tenant, db, opened, trail, clients, directory, now } = deps
  const requireReader = createScopedCallers({ ...deps, audience: `${issuer}/audit`, api: 'the access log' })
  const requireScope = createScopedCallers({ ...deps, audience: pdpOf(issuer), api: 'the decision point' })
  const log = createRepository(db, tenant)
  const write = async (records: readonly AuditRecord[]) => trail.note(...records)
  const books = { tenant, rules: opened.rules, askBooks: deps.askBooks, now }
  const differences = createDifferences(opened.rules)
  return {
    explain: { tenant, whoAsks: createWhoAsks({ ...deps, requireReader }), log, write, differences, now },
    replay: { ...books, requireReader, log, write },
    pdp: createPdp({ tenant, point: opened.point, requireScope, clients, directory, write, now }),
    whatIf: { ...books, requireScope, clients, facts: opened.facts, write },
  }
}
