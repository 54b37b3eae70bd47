import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** One requirement of the ledger. `evidence` is `file › test title` when claimed (several joined by ` ¦ `), a reason when waived, empty when later. */
export type LedgerRow = {
  readonly id: string
  readonly verb: string
  readonly party: string
  readonly requirement: string
  readonly status: string
  readonly evidence: string
}

/** Reads CSV as RFC 4180 writes it: quotes double inside quoted fields. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    )
}

export function readLedger(): readonly LedgerRow[] {
  const [, ...rows] = parseCsv(readFileSync(join(ROOT, 'e2e', 'requirements.csv'), 'utf8'))
  return rows.map(([id = '', verb = '', party = '', requirement = '', status = '', evidence = '']) => ({
    id,
    verb,
    party,
    requirement,
    status,
    evidence,
  }))
}

/** Why a row may not stand as it is, or undefined. */
export function problemOf({ id, status, evidence }: LedgerRow): string | undefined {
  if (status === 'later') return evidence === '' ? undefined : `${id} is later, yet names evidence`
  if (status === 'waived') return evidence === '' ? `${id} is waived without a reason` : undefined
  if (status !== 'claimed') return `${id} has the unknown status ${status}`
  const claims = evidence.split(' ¦ ')
  return claims.map((claim) => problemOfClaim(id, claim)).find((problem) => problem !== undefined)
}

function problemOfClaim(id: string, claim: string): string | undefined {
  const [file = '', title = ''] = claim.split(' › ')
  if (!file.endsWith('.ts') || !existsSync(join(ROOT, file))) return `${id} names ${file}, which does not exist`
  const source = readFileSync(join(ROOT, file), 'utf8')
  const start = source.search(
    new RegExp(`\\btest\\(\\s*(['"\`])${title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}\\1`),
  )
  if (title === '' || start === -1) return `${id} names a test that is not in ${file}: ${title}`
  return undefined
}
