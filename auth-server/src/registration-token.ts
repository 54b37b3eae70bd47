import { createOutbox } from '@uthopp/audit/outbox'
import { type AuditDetail, newRecord } from '@uthopp/audit/record'
import { ConfigProblem } from '@uthopp/server-kit/config'
import { issuerOf } from '@uthopp/server-kit/deployment'
import { createLog } from '@uthopp/server-kit/log'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { newTrace } from '@uthopp/server-kit/trace'
import type { Database } from '@uthopp/storage/database'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { tenantOf } from '@uthopp/storage/tenant'
import { newSecret, secretHash } from './launch/secrets.ts'
import { readTokenWish, type TokenWish } from './registration/token-wish.ts'
import { type InitialToken, nameOfInitialToken } from './storage/initial-tokens.ts'
import { createInitialTokens } from './storage/sql-initial-tokens.ts'
import { migrations } from './storage/migrations.ts'

const DAY_MS = 24 * 60 * 60_000

const describe = ({ tokenHash, uses, zone, approved, scope, expiresAt }: InitialToken): string =>
  [
    nameOfInitialToken(tokenHash),
    `${uses} ${uses === 1 ? 'app' : 'apps'}`,
    zone,
    approved ? 'approved' : 'not approved for launches',
    ...(scope === null ? [] : [`for at most \`${scope}\``]),
    `until ${expiresAt.toISOString()}`,
  ].join(', ')

/** What an operator does to the registry stands in the access log; the server that runs brings it there. */
async function tell(db: Database, trust: string, at: Date, detail: AuditDetail): Promise<void> {
  const outbox = createOutbox({ db, now: () => at, log: createLog({ name: 'registration-token' }) })
  await outbox.write([
    newRecord({
      tenant: trust,
      at,
      activity: 'registration-changed',
      actor: { kind: 'system', id: 'registration-token', role: null },
      correlationId: newTrace().traceId,
      source: 'auth-server',
      detail,
    }),
  ])
}

/** Prints the token, alone on standard output, once; it is kept hashed. */
async function giveOut(db: Database, register: string, wish: Extract<TokenWish, { kind: 'give' }>): Promise<void> {
  const { trust, zone, approved, scope, uses, days } = wish
  const token = newSecret()
  const at = new Date()
  const given = {
    tokenHash: secretHash(token),
    zone,
    approved,
    scope,
    uses,
    expiresAt: new Date(at.getTime() + days * DAY_MS),
  }
  // Told first: a token nobody heard of is worse than a record of one that never came to be.
  await tell(db, trust, at, {
    change: 'initial-token-given',
    initialToken: nameOfInitialToken(given.tokenHash),
    zone,
    approved,
    uses,
    days,
    ...(scope === null ? {} : { scope }),
  })
  await createInitialTokens(db, tenantOf(trust)).add(given)
  process.stderr.write(`${register}: ${describe(given)}\n`)
  process.stdout.write(`${token}\n`)
}

async function withdraw(db: Database, trust: string, name: string): Promise<void> {
  const gone = await createInitialTokens(db, tenantOf(trust)).withdraw(name)
  if (!gone) throw new ConfigProblem([`--withdraw: \`${name}\` is no token of this trust`])
  await tell(db, trust, new Date(), { change: 'initial-token-withdrawn', initialToken: name })
  process.stderr.write(`${name}: withdrawn\n`)
}

/** Gives out, lists and withdraws initial access tokens of one trust, in the database the running server looks into. */
async function run(): Promise<void> {
  const wish = readTokenWish(process.argv.slice(2))
  const { trust } = wish
  const config = readProcessConfig(process.env, { address: 'auth' })
  if (config.storage === 'memory')
    throw new ConfigProblem(['UTHOPP_STORAGE: tokens in memory belong to the running server alone'])
  if (!config.deployment.trusts.some(({ orgnr }) => orgnr === trust))
    throw new ConfigProblem([`--trust: \`${trust}\` is no trust of this deployment`])
  const db = await openDatabase({ name: 'auth', ...config })
  try {
    await migrate(db, migrations)
    switch (wish.kind) {
      case 'give':
        return await giveOut(db, `${issuerOf(config.deployment, trust)}/register`, wish)
      case 'list': {
        const tokens = await createInitialTokens(db, tenantOf(trust)).all(new Date())
        process.stdout.write(tokens.map((token) => `${describe(token)}\n`).join(''))
        return
      }
      case 'withdraw':
        return await withdraw(db, trust, wish.name)
    }
  } finally {
    await db.close()
  }
}

await run().catch((error: unknown) => {
  if (!(error instanceof ConfigProblem)) throw error
  for (const problem of error.problems) process.stderr.write(`registration-token: ${problem}\n`)
  process.exitCode = 78
})
