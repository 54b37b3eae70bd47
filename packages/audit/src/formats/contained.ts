import type { AuditRecord } from '#src/record.ts'
import type { AuditNames, PlaceName, Reader, StaffName } from './names.ts'
import { coding, compact, SYSTEM } from './systems.ts'

type Resource = Readonly<Record<string, unknown>>

const ASSIGNERS = { fnr: 'Skatteetaten', hpr: 'Helsedirektoratet', enh: 'Brønnøysundregistrene', resh: 'NHN' } as const

function identifier(kind: keyof typeof ASSIGNERS, value: string): Resource {
  const type = { fnr: 'FNR', hpr: 'HPR', enh: 'ENH', resh: 'RSH' }[kind]
  return {
    use: 'official',
    type: { coding: [coding(SYSTEM.identifierType, type)] },
    system: SYSTEM[kind],
    value, // in `value`; the guide's own examples put it into `id` (norway.md §5.1.3)
    assigner: { display: ASSIGNERS[kind] },
  }
}

const humanName = ({ family, given }: { readonly family: string | null; readonly given: string | null }) =>
  family === null && given === null
    ? undefined
    : [compact({ use: 'official', family, given: given === null ? undefined : given.split(' ') })]

/** The person; numbers of staff only where the reader may see them. */
function practitioner(id: string, name: StaffName | undefined, reader: Reader): Resource {
  const numbers =
    reader === 'entitled' && name !== undefined
      ? [
          ...(name.nationalId === null ? [] : [identifier('fnr', name.nationalId)]),
          ...(name.hpr === null ? [] : [identifier('hpr', name.hpr)]),
        ]
      : []
  const profession = name?.profession
  return compact({
    resourceType: 'Practitioner',
    id: 'practitioner',
    identifier: [{ system: SYSTEM.activity.replace(/CodeSystem.*$/, 'staff'), value: id }, ...numbers],
    name: name && humanName(name),
    qualification: profession && [
      { code: { coding: [coding(SYSTEM.profession, profession.code, profession.text)], text: profession.text } },
    ],
  })
}

function organization(id: string, place: PlaceName, partOf?: string): Resource {
  return compact({
    resourceType: 'Organization',
    id,
    identifier: [
      ...(place.enh === null ? [] : [identifier('enh', place.enh)]),
      ...(place.resh === null ? [] : [identifier('resh', place.resh)]),
    ],
    name: place.name,
    partOf: partOf === undefined ? undefined : { reference: partOf },
  })
}

/** Who, as what, where: the contained resources `agent.who` leads to. */
export function actorResources(record: AuditRecord, names: AuditNames, reader: Reader): readonly Resource[] {
  const { actor } = record
  const legalEntity = organization('legal-entity', names.legalEntity)
  if (actor.kind === 'citizen') {
    const name = names.patient(actor.id)
    return [compact({ resourceType: 'Patient', id: 'person', name: name && humanName(name) }), legalEntity]
  }
  if (actor.kind !== 'clinician') {
    const name = actor.kind === 'client' ? (names.client(actor.id) ?? actor.id) : names.source.site
    return [
      {
        resourceType: 'Device',
        id: 'system',
        identifier: [{ value: actor.id }],
        deviceName: [{ name, type: 'other' }],
      },
      legalEntity,
    ]
  }
  const role = actor.role === null ? undefined : names.role(actor.role)
  const { department, location } = { department: role?.department ?? null, location: role?.location ?? null }
  return [
    compact({
      resourceType: 'PractitionerRole',
      id: 'role',
      identifier: actor.role === null ? undefined : [{ value: actor.role }],
      practitioner: { reference: '#practitioner' },
      // The department, or the legal entity where no department is known (norway.md §5.1.2).
      organization: { reference: department === null ? '#legal-entity' : '#department' },
      location: [{ reference: '#location' }],
      code: role?.title ? [{ text: role.title }] : undefined,
    }),
    practitioner(actor.id, names.staff(actor.id), reader),
    ...(department === null ? [] : [organization('department', department, '#legal-entity')]),
    legalEntity,
    compact({
      resourceType: 'Location',
      id: 'location',
      identifier: location === null ? undefined : [{ value: location.id }],
      name: location?.name ?? names.legalEntity.name,
      managingOrganization: { reference: department === null ? '#legal-entity' : '#department' },
    }),
  ]
}

export const actorReference = ({ actor }: AuditRecord): string =>
  actor.kind === 'clinician' ? '#role' : actor.kind === 'citizen' ? '#person' : '#system'

export function patientResource(patient: string, names: AuditNames): Resource {
  const name = names.patient(patient)
  return compact({ resourceType: 'Patient', id: 'patient', name: name && humanName(name) })
}

/** The contact the access was part of: its state is not known when the log is read, and the guide allows to say so. */
export const encounterResource = (encounter: string): Resource => ({
  resourceType: 'Encounter',
  id: 'encounter',
  identifier: [{ value: encounter }],
  status: 'unknown',
  class: coding('http://terminology.hl7.org/CodeSystem/v3-NullFlavor', 'UNK'),
  serviceProvider: { reference: '#legal-entity' },
})
