import { parseArgs } from 'node:util'
import { ConfigProblem } from '@uthopp/server-kit/config'
import { issuerOf } from '@uthopp/server-kit/deployment'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { tenantOf } from '@uthopp/storage/tenant'
import { newSecret, secretHash } from './launch/secrets.ts'
import { createInitialTokens } from './storage/initial-tokens.ts'
import { migrations } from './storage/migrations.ts'

const DAY_MS = 24 * 60 * 60_000
const USAGE =
  'usage: npm run registration-token -- --trust <orgnr> [--uses 1] [--days 7] [--zone external|internal] [--approve]'

const number = (text: string, name: string, most: number): number => {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  throw new ConfigProblem([`--${name}: \`${text}\` is not a number from 1 to ${most}`])
}

function readWish() {
  const options = {
    trust: { type: 'string' },
    uses: { type: 'string', default: '1' },
    days: { type: 'string', default: '7' },
    zone: { type: 'string', default: 'external' },
    approve: { type: 'boolean', default: false },
  } as const
  try {
    const { trust, uses, days, zone, approve } = parseArgs({ options }).values
    if (trust === undefined) throw new ConfigProblem([USAGE])
    if (zone !== 'external' && zone !== 'internal')
      throw new ConfigProblem([`--zone: \`${zone}\` is neither external nor internal`])
    return { trust, zone, approved: approve, uses: number(uses, 'uses', 100), days: number(days, 'days', 90) } as const
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigProblem([USAGE], { cause: error }) // what `parseArgs` throws
    throw error
  }
}

/** Gives out one initial access token of one trust, in the database the running server looks into. It is printed once and kept hashed. */
async function giveOut(): Promise<void> {
  const wish = readWish()
  const config = readProcessConfig(process.env, { address: 'auth' })
  if (config.storage === 'memory')
    throw new ConfigProblem(['UTHOPP_STORAGE: tokens in memory belong to the running server alone'])
  if (!config.deployment.trusts.some(({ orgnr }) => orgnr === wish.trust))
    throw new ConfigProblem([`--trust: \`${wish.trust}\` is no trust of this deployment`])
  const token = newSecret()
  const expiresAt = new Date(Date.now() + wish.days * DAY_MS)
  const db = await openDatabase({ name: 'auth', ...config })
  try {
    await migrate(db, migrations)
    const { zone, approved, uses } = wish
    await createInitialTokens(db, tenantOf(wish.trust)).add({
      tokenHash: secretHash(token),
      zone,
      approved,
      uses,
      expiresAt,
    })
    const fate = approved ? 'approved' : 'not approved for launches'
    process.stderr.write(
      `${issuerOf(config.deployment, wish.trust)}/register: ${uses} ${uses === 1 ? 'app' : 'apps'}, ${zone}, ${fate}, until ${expiresAt.toISOString()}\n`,
    )
    process.stdout.write(`${token}\n`)
  } finally {
    await db.close()
  }
}

await giveOut().catch((error: unknown) => {
  if (!(error instanceof ConfigProblem)) throw error
  for (const problem of error.problems) process.stderr.write(`registration-token: ${problem}\n`)
  process.exitCode = 78
})
