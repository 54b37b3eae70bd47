import { fhirBaseOf, issuerOf, directoryOf, type Deployment } from '@uthopp/server-kit/deployment'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { createServiceVerifier, type ServiceVerifier } from '@uthopp/server-kit/service-token'
import type { Database } from '@uthopp/storage/database'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import { PeopleDirectory } from '#src/directory/people.ts'
import { Records } from '#src/directory/records.ts'
import { seedAccounts } from '#src/directory/seed-accounts.ts'
import { type FhirStore, openFhirStore } from '#src/fhir/repository.ts'
import { appTasksOf } from '#src/seed/app-tasks.ts'
import { DEMO_PASSWORD, patientsOf, staffOf } from '#src/seed/people.ts'
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
  const people = new PeopleDirectory({ staff: staffOf(orgnr), patients: patientsOf(orgnr), accounts, now })
  // A password that everybody knows is for the demo world alone.
  if (deployment.world === 'demo') await seedAccounts(accounts, people.users, DEMO_PASSWORD)

  const issuer = issuerOf(deployment, orgnr)
  const gatewayGuard = (audience: string) =>
    createServiceVerifier({ issuers: [{ issuer: gateway, jwksUrl: `${gateway}/jwks.json` }], audience, now })
  return {
    orgnr: tenant,
    store,
    people,
    records: new Records(store),
    key: await signingKeyOf(database, tenant, now()),
    fhirGuard: gatewayGuard(base),
    imagingGuard: gatewayGuard(`${host}/${orgnr}/dicomweb`),
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
