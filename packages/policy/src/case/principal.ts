import type { PersonFacts, RoleKind } from '#src/facts.ts'
import type { CedarCase } from '#src/engine/cedar-case.ts'

const CLINICAL: ReadonlySet<RoleKind> = new Set(['physician', 'nurse', 'dietitian', 'ambulance', 'leader'])

/** Role groups, by kind. `leader` is a nurse who also sees the unit's control list. */
function groupsOf(kind: RoleKind, acute: boolean): readonly string[] {
  const group = CLINICAL.has(kind) ? 'clinical' : 'administrative'
  return [kind, group, ...(kind === 'leader' ? ['nurse'] : []), ...(acute ? ['acute'] : [])]
}

export type Principal = Pick<CedarCase, 'namespace' | 'principal' | 'groups' | 'attributes'>

export function clinicianPrincipal(person: PersonFacts, role: NonNullable<PersonFacts['role']>): Principal {
  const licence = person.licence === null ? 'none' : person.licence.active ? 'active' : 'inactive'
  return {
    namespace: 'Ehr',
    principal: { type: 'Ehr::Clinician', id: person.user },
    groups: groupsOf(role.kind, role.acute),
    attributes: { employed: person.employed, licence },
  }
}

export const citizenPrincipal = (user: string): Principal => ({
  namespace: 'Citizen',
  principal: { type: 'Citizen::Person', id: user },
  groups: [],
  attributes: {},
})

export const clientPrincipal = (client: string): Principal => ({
  namespace: 'Backend',
  principal: { type: 'Backend::Client', id: client },
  groups: [],
  attributes: {},
})
