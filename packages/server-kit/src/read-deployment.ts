import { readFileSync } from 'node:fs'
import { isProblem } from '@uthopp/smart-core/problem'
import { ConfigProblem } from './config.ts'
import type { AppDeployment, Deployment, TrustDeployment } from './deployment.ts'
import { anything, choice, list, type Members, readMembers, text } from './members.ts'

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
  optional: { hostOrigins: list(text), apps: list(anything) },
}
const ADDRESSES = { required: { launcher: text, host: text, auth: text, gateway: text } }
const TRUST = {
  required: { orgnr: text, name: text, shortName: text },
  optional: { fhirUpstream: text, dicomwebUpstream: text },
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
}

/** Parses the deployment file's JSON; throws one `ConfigProblem` with everything that is wrong. */
export function parseDeployment(json: unknown): Deployment {
  const problems: string[] = []
  const top = readMembers(json, TOP)
  if (isProblem(top)) throw new ConfigProblem([`deployment: ${top.reason}`])

  const check = addressCheck(top.world, problems)
  const addresses = readMembers(top.addresses.json, ADDRESSES)
  if (isProblem(addresses)) throw new ConfigProblem([`deployment addresses: ${addresses.reason}`])
  for (const [name, address] of Object.entries(addresses)) check(`addresses.${name}`, address)

  const trusts = parseEach('trusts', top.trusts, TRUST, problems).map((trust): TrustDeployment => {
    if (!/^\d{9}$/.test(trust.orgnr)) problems.push(`trusts: \`${trust.orgnr}\` is not an organisation number`)
    const fhirUpstream = trust.fhirUpstream ?? `${addresses.host}/${trust.orgnr}/fhir`
    const dicomwebUpstream = trust.dicomwebUpstream ?? `${addresses.host}/${trust.orgnr}/dicomweb`
    check(`trusts.${trust.orgnr}.fhirUpstream`, fhirUpstream)
    check(`trusts.${trust.orgnr}.dicomwebUpstream`, dicomwebUpstream)
    return { ...trust, fhirUpstream, dicomwebUpstream }
  })
  if (trusts.length === 0) problems.push('trusts: at least one is needed')
  problems.push(
    ...repeated(
      'trusts',
      trusts.map((trust) => trust.orgnr),
    ),
  )

  const apps: readonly AppDeployment[] = parseEach('apps', top.apps ?? [], APP, problems)
  for (const app of apps) {
    for (const uri of [app.origin, ...app.launchUris, ...app.redirectUris])
      check(`apps.${app.clientId}`, uri, { slash: true })
  }
  problems.push(
    ...repeated(
      'apps',
      apps.map((app) => app.clientId),
    ),
  )

  // An address that is none has been told above.
  const hostOrigins = top.hostOrigins ?? (URL.canParse(addresses.host) ? [new URL(addresses.host).origin] : [])
  for (const origin of hostOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      problems.push(`hostOrigins: \`${origin}\` is not an origin`)
    else check('hostOrigins', origin)
  }
  if (problems.length > 0) throw new ConfigProblem(problems.map((problem) => `deployment ${problem}`))
  return deepFreeze({ world: top.world, addresses, hostOrigins, trusts, apps })
}

type Shape = Parameters<typeof readMembers>[1]
function parseEach<S extends Shape>(
  where: string,
  entries: readonly { readonly json: unknown }[],
  shape: S,
  problems: string[],
): Members<S['required'], NonNullable<S['optional']>>[] {
  return entries.flatMap((entry, index) => {
    const got = readMembers(entry.json, shape)
    if (!isProblem(got)) return [got as Members<S['required'], NonNullable<S['optional']>>] // the same shape, named by its type
    problems.push(`${where}[${index}]: ${got.reason}`)
    return []
  })
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

const repeated = (where: string, ids: readonly string[]): string[] =>
  ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${where}: \`${id}\` is there twice`)

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  return Object.freeze(value)
}
