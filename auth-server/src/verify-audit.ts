import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { tenantsLogged, type Verification, verifyChain } from '@uthopp/audit/verify'
import { readWitnesses } from '@uthopp/audit/witnesses'
import { ConfigProblem } from '@uthopp/server-kit/config'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { openDatabase } from '@uthopp/storage/open'
import { parseTenant } from '@uthopp/storage/tenant'
import { witnessFile } from './audit/keep-log.ts'

const lineOf = ({ tenant, rows, from, head, fault }: Verification): string => {
  const kept = `${rows} records${from === 0 ? '' : ` after number ${from}`}`
  return fault === undefined
    ? `${tenant}: ok, ${kept}, head ${head}`
    : `${tenant}: BROKEN at number ${fault.sequence} (${fault.fault}), ${kept} hold`
}

/** Walks the access log of every trust, or of one, and tells the first place where it does not hold. Reads the server's environment. */
async function verifyAudit(): Promise<boolean> {
  const { values } = parseArgs({ options: { tenant: { type: 'string' }, heads: { type: 'string' } } })
  const config = readProcessConfig(process.env, { address: 'auth' })
  if (config.storage === 'memory')
    throw new ConfigProblem(['UTHOPP_STORAGE: a log in memory belongs to the running server alone'])
  const only = values.tenant === undefined ? undefined : parseTenant(values.tenant)
  if (typeof only === 'object') throw new ConfigProblem([`--tenant: ${only.reason}`])
  const file = values.heads ?? witnessFile(config.data)
  if (values.heads !== undefined && !existsSync(values.heads))
    throw new ConfigProblem(['--heads: there is no such file'])
  const witnesses = file === undefined ? [] : await readWitnesses(file)
  if (config.databaseUrl === undefined && !existsSync(join(config.data ?? '', 'auth.sqlite')))
    throw new ConfigProblem(['UTHOPP_DATA: no authorization server has ever run on this folder'])
  const db = await openDatabase({ name: 'auth', ...config })
  try {
    // A trust whose log is gone altogether still stands among the heads that were written down.
    const tenants = new Set<string>([...(await tenantsLogged(db)), ...witnesses.map(({ tenant }) => tenant)])
    let holds = true
    for (const name of [...tenants].toSorted()) {
      const tenant = parseTenant(name)
      if (typeof tenant === 'object' || (only !== undefined && tenant !== only)) continue
      const found = await verifyChain(db, tenant, witnesses)
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
