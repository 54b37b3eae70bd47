import { readFileSync } from 'node:fs'
import { isProblem } from '@uthopp/smart-core/problem'
import { ConfigProblem } from './config.ts'
import type { Deployment, RegisterDeployment, TrustDeployment } from './deployment.ts'
import { brandProblems, brands } from './read-brands.ts'
import { ENFORCED, policy as policyOf } from './read-policy.ts'
import {
  anything,
  choice,
  flag,
  list,
  type MemberReader,
  type Members,
  readEachMember,
  readMembers,
  text,
} from './members.ts'

/** Reads and parses the deployment file; throws one `ConfigProblem` with everything that is wrong. */
export function readDeployment(path: string): Deployment {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read'
    throw new ConfigProblem([`UTHOPP_DEPLOYMENT: \`${path}\` ${reason}`])
  }
  return parseDeployment(json)
}

const WORLDS = ['demo', 'production'] as const
const CONTEXTS = ['patient', 'unit'] as const

const TOP = {
  required: {
    world: choice(WORLDS),
    addresses: anything,
    trusts: list(anything),
  },
  optional: { hostOrigins: list(text), apps: list(anything), brands },
}
const ADDRESSES = { required: { launcher: text, host: text, auth: text, gateway: text } }
const register: MemberReader<RegisterDeployment> = (value, name) => {
  const read = readMembers(value, { required: { issuer: text, jwksUri: text } })
  return isProblem(read) ? { ...read, reason: `${name}: ${read.reason}` } : read
}
const TRUST = {
  required: { orgnr: text, name: text, shortName: text },
  optional: { fhirUpstream: text, dicomwebUpstream: text, policy: policyOf, registers: list(register) },
}
const APP = {
  required: {
    clientId: text,
    name: text,
    origin: text,
    launchUris: list(text),
    redirectUris: list(text),
    scope: text,
    contexts: list(choice(CONTEXTS)),
  },
  optional: {
    accessTokenFormat: choice(['jwt', 'opaque']),
    smartLevel: choice(['1.0', '2.0', '2.2']),
    zone: choice(['internal', 'external']),
    mayWrite: flag,
  },
}

/** What the processes call themselves as clients: an app of that name would speak with their powers. */
const OWN_CLIENTS: ReadonlySet<string> = new Set(['host', 'gateway', 'launcher', 'hub', 'auth-server'])

/** Parses the deployment file's JSON; throws one `ConfigProblem` with everything that is wrong. */
export function parseDeployment(json: unknown): Deployment {
  const problems: string[] = []
  const top = collect('', json, TOP, problems)
  // Where the world itself is wrong, every http address would be told as a second fault it may not be.
  const check = addressCheck(top.world ?? 'demo', problems)
  const addresses = top.addresses === undefined ? {} : collect('addresses', top.addresses.json, ADDRESSES, problems)
  for (const [name, address] of Object.entries(addresses)) check(`addresses.${name}`, address)

  const trusts = (top.trusts ?? []).map(({ json: entry }, index) => {
    const where = `trusts[${index}]`
    return checkTrust(where, collect(where, entry, TRUST, problems), addresses.host, check, problems)
  })
  if (top.trusts?.length === 0) problems.push('trusts: at least one is needed')
  problems.push(
    ...repeated(
      'trusts',
      trusts.map(({ orgnr }) => orgnr),
    ),
  )

  const apps = (top.apps ?? []).map(({ json: entry }, index) => collect(`apps[${index}]`, entry, APP, problems))
  for (const app of apps) {
    for (const uri of [app.origin ?? [], app.launchUris ?? [], app.redirectUris ?? []].flat())
      check(`apps.${app.clientId ?? ''}`, uri, { slash: true })
  }
  for (const { clientId } of apps)
    if (clientId !== undefined && OWN_CLIENTS.has(clientId))
      problems.push(`apps: \`${clientId}\` is the name of a process of the deployment`)
  problems.push(
    ...repeated(
      'apps',
      apps.map(({ clientId }) => clientId),
    ),
  )

  problems.push(
    ...brandProblems(
      top.brands,
      trusts.map(({ orgnr }) => orgnr),
    ),
  )

  // An address that is none, or is missing, has been told above.
  const { host = '' } = addresses
  const hostOrigins = top.hostOrigins ?? (URL.canParse(host) ? [new URL(host).origin] : [])
  for (const origin of hostOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      problems.push(`hostOrigins: \`${origin}\` is not an origin`)
    else check('hostOrigins', origin)
  }
  if (problems.length > 0)
    throw new ConfigProblem(problems.map((fault) => `deployment${fault.startsWith(':') ? '' : ' '}${fault}`))
  const { brands: published } = top
  const deployment = { world: top.world, addresses, hostOrigins, trusts, apps, ...(published && { brands: published }) }
  return deepFreeze(deployment as Deployment) // no problem: every required member is there
}

type Shape = Parameters<typeof readEachMember>[1]
/** Reads what is right about an object and tells all that is not. */
function collect<S extends Shape>(
  where: string,
  json: unknown,
  shape: S,
  problems: string[],
): Partial<Members<S['required'], NonNullable<S['optional']>>> {
  const read = readEachMember(json, shape)
  problems.push(...read.problems.map(({ reason }) => `${where}: ${reason}`))
  return read.members as Partial<Members<S['required'], NonNullable<S['optional']>>> // the same shape, named by its type
}

type Check = ReturnType<typeof addressCheck>
/** The trust with the upstreams it leaves out, which are the host's own. */
function checkTrust(
  where: string,
  trust: Partial<TrustDeployment>,
  host: string | undefined,
  check: Check,
  problems: string[],
) {
  const { orgnr } = trust
  if (orgnr !== undefined && !/^\d{9}$/.test(orgnr))
    problems.push(`${where}: \`${orgnr}\` is not an organisation number`)
  const own = (door: string) => (host === undefined || orgnr === undefined ? undefined : `${host}/${orgnr}/${door}`)
  const { fhirUpstream = own('fhir'), dicomwebUpstream = own('dicomweb') } = trust
  if (fhirUpstream !== undefined) check(`${where}.fhirUpstream`, fhirUpstream)
  if (dicomwebUpstream !== undefined) check(`${where}.dicomwebUpstream`, dicomwebUpstream)
  for (const { issuer, jwksUri } of trust.registers ?? []) {
    check(`${where}.registers`, issuer)
    check(`${where}.registers`, jwksUri)
  }
  const { policy = ENFORCED } = trust
  if (policy.pdp !== undefined) check(`${where}.policy.pdp`, policy.pdp)
  return { ...trust, fhirUpstream, dicomwebUpstream, policy }
}

/** Addresses of ours are compared as text, so each has one spelling; outside the demo world nothing travels in the clear. */
const addressCheck =
  (world: Deployment['world'], problems: string[]) =>
  (where: string, address: string, options: { readonly slash?: boolean } = {}): void => {
    if (!URL.canParse(address)) return void problems.push(`${where}: \`${address}\` is not an address`)
    const url = new URL(address)
    if (url.protocol !== 'https:' && (world === 'production' || url.protocol !== 'http:')) {
      problems.push(`${where}: \`${address}\` must be https`)
    }
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
      problems.push(`${where}: \`${url.origin}\` must have no user, query or fragment`)
    }
    if (!options.slash && address.endsWith('/')) problems.push(`${where}: \`${address}\` must not end with a slash`)
  }

const repeated = (where: string, ids: readonly (string | undefined)[]): string[] =>
  ids
    .filter((id, index) => id !== undefined && ids.indexOf(id) !== index)
    .map((id) => `${where}: \`${id}\` is there twice`)

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  return Object.freeze(value)
}
