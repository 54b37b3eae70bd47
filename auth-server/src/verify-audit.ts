import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readKnownHeads } from '@uthopp/audit/heads-known'
import { tenantsLogged, type Verification, verifyChain } from '@uthopp/audit/verify'
import { type HeadsFault, verifyHeads } from '@uthopp/audit/verify-heads'
import { ConfigProblem } from '@uthopp/server-kit/config'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { parseTenant } from '@uthopp/storage/tenant'
import { readRetentionYears } from './audit/configuration.ts'
import { headsFilesIn } from './audit/heads-files.ts'
import { migrations } from './storage/migrations.ts'

const lineOf = ({ tenant, rows, from, head, witnessed, fault }: Verification): string => {
  const kept = `${rows} records${from === 0 ? '' : ` after number ${from}`}`
  return fault === undefined
    ? `${tenant}: ok, ${kept}, head ${head}, written down to number ${witnessed}`
    : `${tenant}: BROKEN at number ${fault.sequence} (${fault.fault}), ${kept} hold`
}

const lineOfHeads = ({ file, line, fault }: HeadsFault): string => `heads: BROKEN at line ${line} (${fault}) of ${file}`

/** What the environment and the options say, or a `ConfigProblem` with what is wrong about them. */
function readAsked() {
  const { values } = parseArgs({
    options: { tenant: { type: 'string' }, heads: { type: 'string', multiple: true } },
  })
  const config = readProcessConfig(process.env, { address: 'auth' })
  const years = readRetentionYears(process.env)
  if (config.storage === 'memory')
    throw new ConfigProblem(['UTHOPP_STORAGE: a log in memory belongs to the running server alone'])
  const only = values.tenant === undefined ? undefined : parseTenant(values.tenant)
  if (typeof only === 'object') throw new ConfigProblem([`--tenant: ${only.reason}`])
  const copies = values.heads ?? []
  if (copies.some((copy) => !existsSync(copy))) throw new ConfigProblem(['--heads: there is no such file'])
  if (config.databaseUrl === undefined && !existsSync(join(config.data ?? '', 'auth.sqlite')))
    throw new ConfigProblem(['UTHOPP_DATA: no authorization server has ever run on this folder'])
  return { config, years, only, copies }
}

/**
 * Walks the access log of every trust, or of one, and tells the first place where it does not hold. Reads the server's
 * environment; `--heads` names copies of the heads written down that lie elsewhere, as many as there are.
 */
async function verifyAudit(): Promise<boolean> {
  const { config, years, only, copies } = readAsked()
  const beside = config.data !== undefined && existsSync(config.data) ? await headsFilesIn(config.data) : []
  const db = await openDatabase({ name: 'auth', ...config })
  try {
    await migrate(db, migrations)
    const heads = await verifyHeads(await readKnownHeads(db), [...beside, ...copies])
    for (const fault of heads.faults) process.stdout.write(`${lineOfHeads(fault)}\n`)
    // A trust whose log is gone altogether still stands in the deployment, and among the heads that were written down.
    const deployed = new Set(config.deployment.trusts.map(({ orgnr }) => orgnr))
    const written = heads.lines.map(({ tenant }) => tenant)
    const tenants = new Set<string>([...(await tenantsLogged(db)), ...deployed, ...written])
    let holds = heads.faults.length === 0
    for (const name of [...tenants].toSorted()) {
      const tenant = parseTenant(name)
      if (typeof tenant === 'object' || (only !== undefined && tenant !== only)) continue
      const found = await verifyChain(db, tenant, {
        witnesses: heads.lines,
        expected: deployed.has(name),
        retention: { years, now: new Date() },
      })
      holds &&= found.fault === undefined
      process.stdout.write(`${lineOf(found)}\n`)
    }
    return holds
  } finally {
    await db.close()
  }
}

try {
  process.exitCode = (await verifyAudit()) ? 0 : 1
} catch (error) {
  if (!(error instanceof ConfigProblem)) throw error
  for (const problem of error.problems) process.stderr.write(`audit:verify: ${problem}\n`)
  process.exitCode = 78
}
