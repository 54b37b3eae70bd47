import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FoundTest, testsIn } from './tests-in.ts'

const ROOT = join(import.meta.dirname, '..')

/** One requirement of the ledger. `evidence` is `file › test title` when claimed (several joined by ` ¦ `), a reason when waived, a reason or nothing when later. */
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
  if (status === 'later') return evidence.includes(' › ') ? `${id} is later, yet names evidence` : undefined
  if (status === 'waived') return evidence === '' ? `${id} is waived without a reason` : undefined
  if (status !== 'claimed') return `${id} has the unknown status ${status}`
  const claims = evidence.split(' ¦ ')
  return claims.map((claim) => problemOfClaim(id, claim)).find((problem) => problem !== undefined)
}

function problemOfClaim(id: string, claim: string): string | undefined {
  const [file = '', title = ''] = claim.split(' › ')
  if (!file.endsWith('.ts') || !existsSync(join(ROOT, file))) return `${id} names ${file}, which does not exist`
  const named = testsOf(file).filter((test) => test.title === title)
  if (title === '' || named.length === 0) return `${id} names a test that is not in ${file}: ${title}`
  // A title may stand twice; one test that runs is a proof.
  const idle = named.map((test) => test.idle)
  return idle.includes(undefined) ? undefined : `${id} names a test that ${idle[0]} in ${file}: ${title}`
}

const read = new Map<string, readonly FoundTest[]>()

function testsOf(file: string): readonly FoundTest[] {
  const known = read.get(file)
  if (known !== undefined) return known
  const found = testsIn(readFileSync(join(ROOT, file), 'utf8'))
  read.set(file, found)
  return found
}
