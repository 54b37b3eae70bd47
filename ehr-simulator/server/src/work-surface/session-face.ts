import type { Organization, Practitioner } from '@medplum/fhirtypes'
import type { DirectoryRole } from '#src/directory/people.ts'
import type { SignedIn } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import { unitNameOf } from './unit-list.ts'
import { nameParts } from './words.ts'

/** What anybody may know before signing in. */
export function trustFace({ deployment, tenant }: Pick<SurfaceDeps, 'deployment' | 'tenant'>) {
  const trust = deployment.trusts.find(({ orgnr }) => orgnr === tenant)
  return {
    orgnr: tenant,
    name: trust?.name ?? tenant,
    shortName: trust?.shortName ?? tenant,
    world: deployment.world,
  }
}

/** The signed-in person, the roles to choose from, and the apps this trust offers. */
export async function sessionFace(deps: SurfaceDeps, { session, user }: Pick<SignedIn, 'session' | 'user'>) {
  const person = await deps.store.find<Practitioner>('Practitioner', user.id)
  const roles = await Promise.all(user.roles.map((role) => roleFace(deps, role)))
  return {
    trust: trustFace(deps),
    person: { id: user.id, ...nameParts(person?.name), profession: user.profession },
    roles,
    role: roles.find(({ id }) => id === session.role) ?? null,
    apps: deps.deployment.apps.map(({ clientId, name, contexts }) => ({ id: clientId, name, contexts })),
    onlyRole: roles.length === 1,
  }
}

async function roleFace({ store }: Pick<SurfaceDeps, 'store'>, { id, name, organization, kind }: DirectoryRole) {
  return {
    id,
    name,
    organization: (await store.find<Organization>('Organization', organization))?.name ?? '',
    unit: await unitNameOf(store, id),
    /** A leader's own page: what the unit's people gave themselves access to. */
    controls: kind === 'leader',
  }
}
