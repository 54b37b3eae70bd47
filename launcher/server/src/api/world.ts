import type { AppContext } from '@uthopp/server-kit/http-app'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { fhirBaseOf, issuerOf } from '@uthopp/server-kit/deployment'
import { readTrustWorld, type TrustAccess } from '../demo-world.ts'

type ApprovedApp = {
  readonly client_id: string
  readonly client_name: string
  readonly launch_uris: readonly string[]
  readonly redirect_uris: readonly string[]
  readonly scope: string
  readonly demo_approved: boolean
  /** Seconds; only of apps that registered themselves. */
  readonly client_id_issued_at?: number
}

/** `GET /api/world`: everything a script needs in order to compose a launch, gathered from the trusts at the moment of asking. */
export const tellWorld = (deployment: Deployment, trusts: readonly TrustAccess[]) => async (ctx: AppContext) => {
  const told = await Promise.all(
    trusts.map(async (access) => ({
      tenant: access.trust.orgnr,
      world: await readTrustWorld(access, deployment, ctx.state.trace),
      approved: ((await access.backChannel.apps(ctx.state.trace))['apps'] ?? []) as readonly ApprovedApp[], // our own server's answer
    })),
  )
  ctx.body = {
    trusts: deployment.trusts.map(({ orgnr, name, shortName }) => ({
      tenant: orgnr,
      name,
      short_name: shortName,
      issuer: issuerOf(deployment, orgnr),
      iss: fhirBaseOf(deployment, orgnr),
    })),
    apps: mergeApps(
      told,
      deployment.apps.map(({ clientId }) => clientId),
    ),
    people: told.flatMap(({ tenant, world }) =>
      world.people.map(({ user, name, username, profession, roles }) => ({
        user,
        name,
        username,
        profession,
        roles: roles.map((role) => ({ role: role.id, name: role.name, tenant })),
      })),
    ),
    patients: told.flatMap(({ tenant, world }) =>
      world.patients.map(({ id, name, birthDate, gender, encounters }) => ({
        patient: id,
        name,
        birthDate,
        gender,
        tenant,
        encounters: encounters.map((encounter) => ({
          encounter: encounter.id,
          status: encounter.status,
          class: encounter.class,
        })),
      })),
    ),
    citizens: told.flatMap(({ tenant, world }) => world.citizens.map((citizen) => ({ ...citizen, tenant }))),
    units: told.flatMap(({ tenant, world }) => world.units.map(({ id, name }) => ({ unit: id, name, tenant }))),
    defaults: Object.fromEntries(told.map(({ tenant, world }) => [tenant, world.defaults])),
  }
}

/**
 * The same client at two trusts is one app approved twice; two apps that registered at one trust each stay apart by id.
 * The deployment's own apps come first, in its order: the first of them is what one click opens. Those that registered themselves
 * follow, the newest first: whoever looks for one has mostly just registered it.
 */
function mergeApps(
  told: readonly { readonly tenant: string; readonly approved: readonly ApprovedApp[] }[],
  seeded: readonly string[],
) {
  const merged = new Map<string, Omit<ApprovedApp, 'client_name'> & { name: string; tenants: string[] }>()
  for (const { tenant, approved } of told) {
    for (const { client_name: name, ...app } of approved) {
      const known = merged.get(app.client_id)
      if (known === undefined) merged.set(app.client_id, { ...app, name, tenants: [tenant] })
      else known.tenants.push(tenant)
    }
  }
  const place = (id: string) => (seeded.includes(id) ? seeded.indexOf(id) : seeded.length)
  return [...merged.values()].sort(
    (one, other) =>
      place(one.client_id) - place(other.client_id) ||
      (other.client_id_issued_at ?? 0) - (one.client_id_issued_at ?? 0),
  )
}
