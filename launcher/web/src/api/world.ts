/** The demo world as `GET /api/world` tells it; wire names are kept because scripts read the same document. */
export type World = {
  readonly trusts: readonly {
    readonly tenant: string
    readonly name: string
    readonly issuer: string
    readonly iss: string
  }[]
  readonly apps: readonly RegisteredApp[]
  readonly people: readonly Person[]
  readonly patients: readonly WorldPatient[]
  readonly units: readonly { readonly unit: string; readonly name: string; readonly tenant: string }[]
  readonly defaults: Readonly<
    Record<string, { readonly user: string; readonly role: string; readonly patient: string }>
  >
}

type RegisteredApp = {
  readonly client_id: string
  readonly name: string
  readonly launch_uris: readonly string[]
  readonly redirect_uris: readonly string[]
  readonly scope: string
  readonly tenants: readonly string[]
  readonly demo_approved: boolean
}

type Person = {
  readonly user: string
  readonly name: string
  readonly profession: string
  readonly roles: readonly { readonly role: string; readonly name: string; readonly tenant: string }[]
}

type WorldPatient = {
  readonly patient: string
  readonly name: string
  readonly birthDate: string
  readonly tenant: string
  readonly encounters: readonly { readonly encounter: string; readonly status: string; readonly class: string }[]
}

/** What a person has chosen in the composer; empty strings mean "nothing chosen". */
export type Composition = {
  readonly tenant: string
  readonly clientId: string
  readonly user: string
  readonly role: string
  readonly patient: string
  readonly encounter: string
  readonly intent: string
}

/** The trust's own defaults, so that one click is enough. */
export function startingComposition(world: World, clientId: string, tenant: string): Composition {
  const defaults = world.defaults[tenant]
  return {
    tenant,
    clientId,
    user: defaults?.user ?? '',
    role: defaults?.role ?? '',
    patient: defaults?.patient ?? '',
    encounter: '',
    intent: '',
  }
}

/** Choosing a trust, a user or a patient drops what no longer belongs to the choice. */
export function choose(world: World, current: Composition, change: Partial<Composition>): Composition {
  const next = { ...current, ...change }
  if (change.tenant !== undefined && change.tenant !== current.tenant) {
    return startingComposition(world, next.clientId, change.tenant)
  }
  const roles = rolesOf(world, next)
  const role = roles.some((entry) => entry.role === next.role) ? next.role : (roles[0]?.role ?? '')
  const encounter = encountersOf(world, next).some((entry) => entry.encounter === next.encounter) ? next.encounter : ''
  return { ...next, role, encounter }
}

export const peopleOf = (world: World, tenant: string) =>
  world.people.filter((person) => person.roles.some((role) => role.tenant === tenant))

export const rolesOf = (world: World, { user, tenant }: Pick<Composition, 'tenant' | 'user'>) =>
  world.people.find((person) => person.user === user)?.roles.filter((role) => role.tenant === tenant) ?? []

/** What people call a unit; its id where the world does not tell. */
export const unitNameIn =
  (world: World) =>
  (id: string): string =>
    world.units.find(({ unit }) => unit === id)?.name ?? id

export const encountersOf = (world: World, { patient }: Composition) =>
  world.patients.find((entry) => entry.patient === patient)?.encounters ?? []

/** The body of `POST /api/launches`: an empty patient is said outright, since absence means the default one. */
export function launchBody(composition: Composition): Readonly<Record<string, string | null>> {
  const { tenant, clientId, user, role, patient, encounter, intent } = composition
  return {
    tenant,
    client_id: clientId,
    user,
    ...(role === '' ? {} : { role }),
    patient: patient === '' ? null : patient,
    ...(encounter === '' ? {} : { encounter }),
    ...(intent === '' ? {} : { intent }),
  }
}
