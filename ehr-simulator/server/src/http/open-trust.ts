import { caacOf, fhirBaseOf, issuerOf, directoryOf, factsOf, type Deployment } from '@uthopp/server-kit/deployment'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { createServiceVerifier, type ServiceVerifier } from '@uthopp/server-kit/service-token'
import type { Database } from '@uthopp/storage/database'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import { PeopleDirectory } from '#src/directory/people.ts'
import { Records } from '#src/directory/records.ts'
import { seedAccounts } from '#src/directory/seed-accounts.ts'
import type { CareRooms } from '#src/facts/care-facts.ts'
import { openFacts } from '#src/facts/open-facts.ts'
import { seedFacts } from '#src/facts/seed-facts.ts'
import { type FhirStore, openFhirStore } from '#src/fhir/repository.ts'
import { appTasksOf } from '#src/seed/app-tasks.ts'
import { DEMO_PASSWORD, patientsOf, staffOf } from '#src/seed/people.ts'
import { units } from '#src/seed/units.ts'
import { resourcesOf } from '#src/seed/seed-trust.ts'
import { sqlAccounts } from '#src/storage/accounts.ts'
import { signingKeyOf } from '#src/storage/signing-keys.ts'

export type HostDeps = {
  readonly deployment: Deployment
  readonly database: Database
  /** Where a trust's resources live: a path, or `:memory:`. */
  readonly fhirFile: (orgnr: string) => string
  readonly now: () => Date
}

/** Everything one trust's host is made of. */
export type Trust = {
  readonly orgnr: Tenant
  readonly store: FhirStore
  readonly people: PeopleDirectory
  readonly records: Records
  readonly key: SigningKey
  /** The gateway's service tokens for the FHIR door. */
  readonly fhirGuard: ServiceVerifier
  /** The gateway's service tokens for the imaging door; those of the FHIR door do not open it. */
  readonly imagingGuard: ServiceVerifier
  readonly directoryGuard: ServiceVerifier
  readonly facts: CareRooms
  /** Makes what the demo world's ambulances and clinics have today be of today again. */
  readonly keepToday: () => Promise<void>
  /** Who may ask for facts, who may change them, and who may ask what follows from them. */
  readonly factGuards: Readonly<Record<'readers' | 'writers' | 'deciders', ServiceVerifier>>
}

const SEEDED = 'seeded'

/** Fills a new store with the trust's charts, once: what happens to them afterwards is kept. */
async function seedOnce(store: FhirStore, orgnr: string, { addresses, apps }: Deployment, now: Date): Promise<void> {
  if ((await store.note(SEEDED)) !== undefined) return
  await store.transaction(async (inside) => {
    await inside.load([...resourcesOf(orgnr, { now, host: addresses.host }), ...appTasksOf(orgnr, now, apps)])
    await inside.setNote(SEEDED, now.toISOString())
  })
}

const hostFhirBase = (deployment: Deployment, orgnr: string): string => `${deployment.addresses.host}/${orgnr}/fhir`

/** Opens a trust's stores, makes on the first start what must be there, and learns whose tokens to take. */
export async function openTrust(deps: HostDeps, orgnr: string): Promise<Trust> {
  const { deployment, database, now } = deps
  const { launcher, gateway, host } = deployment.addresses
  const tenant = tenantOf(orgnr)
  const base = hostFhirBase(deployment, orgnr)
  const store = openFhirStore({ file: deps.fhirFile(orgnr), base, aliases: [fhirBaseOf(deployment, orgnr)], now })
  await seedOnce(store, orgnr, deployment, now())

  const accounts = sqlAccounts(database, tenant)
  const [staff, patients] = [staffOf(orgnr), patientsOf(orgnr)]
  const people = new PeopleDirectory({ staff, patients, accounts, now })
  const records = new Records(store)
  const keepToday = () => seedFacts(database, tenant, { staff, patients, store, now: now() })
  await keepToday()
  // A password that everybody knows is for the demo world alone.
  if (deployment.world === 'demo') await seedAccounts(accounts, people.users, DEMO_PASSWORD)

  const issuer = issuerOf(deployment, orgnr)
  const gatewayGuard = (audience: string) =>
    createServiceVerifier({ issuers: [{ issuer: gateway, jwksUrl: `${gateway}/jwks.json` }], audience, now })
  return {
    orgnr: tenant,
    store,
    people,
    records,
    key: await signingKeyOf(database, tenant, now()),
    fhirGuard: gatewayGuard(base),
    imagingGuard: gatewayGuard(`${host}/${orgnr}/dicomweb`),
    keepToday,
    facts: openFacts({
      database,
      tenant,
      findPerson: (user) => people.findPerson(user),
      isUnit: (unit) => units.some((each) => each.trust === orgnr && each.unit === unit),
      hasPatient: (patient) => records.hasPatient(patient),
      now,
    }),
    factGuards: factGuards(deps, orgnr),
    directoryGuard: createServiceVerifier({
      issuers: [
        { issuer, jwksUrl: `${issuer}/jwks` },
        // The launcher is a tool of the demo world; elsewhere only the trust's own authorization server asks.
        ...(deployment.world === 'demo' ? [{ issuer: launcher, jwksUrl: `${launcher}/${orgnr}/jwks.json` }] : []),
      ],
      audience: directoryOf(deployment, orgnr),
      scope: '__directory',
      now,
    }),
  }
}

/** Those who decide may ask. Registers and patient administration may change; in the demo world the launcher plays them. */
function factGuards({ deployment, now }: HostDeps, orgnr: string): Trust['factGuards'] {
  const { gateway, launcher } = deployment.addresses
  const issuer = issuerOf(deployment, orgnr)
  const deciding = [
    { issuer, jwksUrl: `${issuer}/jwks` },
    { issuer: gateway, jwksUrl: `${gateway}/jwks.json` },
  ]
  const registers = (deployment.trusts.find((trust) => trust.orgnr === orgnr)?.registers ?? []).map(
    ({ issuer: register, jwksUri }) => ({ issuer: register, jwksUrl: jwksUri }),
  )
  const playing = deployment.world === 'demo' ? [{ issuer: launcher, jwksUrl: `${launcher}/${orgnr}/jwks.json` }] : []
  const audience = factsOf(deployment, orgnr)
  return {
    readers: createServiceVerifier({ issuers: [...deciding, ...playing], audience, scope: '__facts.read', now }),
    writers: createServiceVerifier({ issuers: [...registers, ...playing], audience, scope: '__facts.write', now }),
    deciders: createServiceVerifier({
      issuers: deciding,
      audience: caacOf(deployment, orgnr),
      scope: '__pdp.evaluate',
      now,
    }),
  }
}
