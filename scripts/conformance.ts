import { type LedgerRow, problemOf, readLedger } from './requirements.ts'

/** The sections of the SMART App Launch 2.2.0 checklist, by the last number of each; sections 0 and 23 hold no rows of their own. */
const SECTIONS = [
  [1, 'reading rules'],
  [23, 'discovery'],
  [35, 'registration'],
  [47, 'EHR launch'],
  [51, 'standalone launch'],
  [64, 'authorization request'],
  [69, 'authorization response'],
  [75, 'PKCE'],
  [80, 'token request'],
  [91, 'token response'],
  [101, 'launch context'],
  [112, 'fhirContext'],
  [127, 'OpenID Connect'],
  [151, 'scopes'],
  [156, 'symmetric clients'],
  [167, 'asymmetric clients'],
  [178, 'backend services'],
  [186, 'refresh'],
  [195, 'introspection and revocation'],
  [200, 'CORS'],
  [211, 'resource server and security'],
  [223, 'app state'],
  [234, 'brands'],
  [238, 'SMART 1.0'],
] as const

/** Rows beyond SMART App Launch stand in the ledger when they are claimed, or are to be missed by nobody who looks for them. */
const POLICY = [
  ['AZ', 'AuthZEN'],
  ['CE', 'Cedar and issuance'],
  ['RA', 'care decisions in tokens'],
  ['TX', 'token exchange'],
  ['NO', 'Norwegian checklist'],
] as const

const STATUSES = ['claimed', 'waived', 'later'] as const
const VERBS = ['SHALL', 'SHALL NOT', 'SHOULD', 'SHOULD NOT', 'MAY'] as const

const numberOf = ({ id }: LedgerRow): number => Number(id.replace('SAL-', ''))
const isForUs = ({ party }: LedgerRow): boolean => party.split('/').some((each) => each !== 'APP')
const isObligation = ({ verb }: LedgerRow): boolean => verb.startsWith('SHALL')

function print(heading: string, groups: readonly (readonly [name: string, rows: readonly LedgerRow[]])[]): void {
  console.log(`\n| ${heading.padEnd(30)} | ${STATUSES.join(' | ')} |`)
  console.log(`| --- | ${STATUSES.map(() => '---:').join(' | ')} |`)
  for (const [name, rows] of groups) {
    if (rows.length === 0) continue
    const counts = STATUSES.map((status) =>
      String(rows.filter((row) => row.status === status).length).padStart(status.length),
    )
    console.log(`| ${name.padEnd(30)} | ${counts.join(' | ')} |`)
  }
}

const ledger = readLedger()
const rows = ledger.filter(({ id }) => id.startsWith('SAL-'))
const problems = ledger.flatMap((row) => problemOf(row) ?? [])

print(
  'section',
  SECTIONS.map(([last, name], index): readonly [string, readonly LedgerRow[]] => {
    const after = SECTIONS[index - 1]?.[0] ?? 0
    return [name, rows.filter((row) => numberOf(row) > after && numberOf(row) <= last)]
  }),
)
print(
  'verb',
  VERBS.map((verb) => [verb, rows.filter((row) => row.verb === verb)]),
)
print(
  'party',
  [...new Set(rows.map(({ party }) => party))].map((party) => [party, rows.filter((row) => row.party === party)]),
)
print('together', [['every row', rows]])
print(
  'policy (not every row)',
  POLICY.map(([prefix, name]) => [name, ledger.filter(({ id }) => id.startsWith(`${prefix}-`))]),
)

const ours = rows.filter((row) => isForUs(row) && isObligation(row))
const count = (status: string): number => ours.filter((row) => row.status === status).length
console.log(
  `\nSHALL and SHALL NOT that bind a server, a host or a publisher: ${count('claimed')} proven, ${count('waived')} waived, ${count('later')} open of ${ours.length}.`,
)
const open = ours.filter(({ status }) => status === 'later').map(({ id }) => id)
if (open.length > 0) console.log(`Open: ${open.join(' ')}`)
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
