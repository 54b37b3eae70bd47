import type { AuditRecord } from '#src/record.ts'
import { actionOf, outcomeOf, referenceOf } from './event-elements.ts'
import type { AuditNames } from './names.ts'
import { coding, compact, SYSTEM } from './systems.ts'

const PROFILE = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit'

type Resource = Readonly<Record<string, unknown>>

const VERBS = { C: 'Create', R: 'Read', U: 'Update', D: 'Delete', E: 'Query' } as const

/** Only calls of the FHIR API have a shape in this guide. */
export const hasBalp = ({ activity, what }: AuditRecord): boolean =>
  (activity === 'fhir-access' || activity === 'fhir-refused') &&
  what?.interaction !== undefined &&
  what.interaction !== null

const isSearch = ({ what }: AuditRecord): boolean =>
  /^(?:search|history-type|history-system)/.test(what?.interaction ?? '')

function profileOf(record: AuditRecord): string {
  const verb = isSearch(record) ? 'Query' : VERBS[actionOf(record)]
  return `${PROFILE}.${record.patient === null ? '' : 'Patient'}${verb}`
}

const role = (code: string, display: string) => coding(SYSTEM.entityRole, code, display)

function agents(record: AuditRecord, names: AuditNames): readonly Resource[] {
  const { clientId, actor, detail } = record
  const token = typeof detail['tokenId'] === 'string' ? [detail['tokenId']] : undefined
  const client = clientId ?? 'unknown'
  return [
    compact({
      type: { coding: [coding(SYSTEM.dcm, '110153', 'Source Role ID')] },
      who: { identifier: { value: client }, display: names.client(client) ?? client },
      requestor: false,
    }),
    {
      type: { coding: [coding(SYSTEM.dcm, '110152', 'Destination Role ID')] },
      who: { reference: `Device/${names.source.device}`, display: record.source },
      requestor: false,
    },
    compact({
      type: {
        coding: [
          coding(SYSTEM.participation, 'IRCP', 'information recipient'),
          coding(SYSTEM.balpAgent, 'UserOauthAgent'),
        ],
      },
      who: { identifier: { value: actor.id } },
      requestor: true,
      role: actor.role === null ? undefined : [{ text: actor.role }],
      // The token's own id: whoever holds the log of another system finds the same access there.
      policy: token,
      purposeOfUse: record.purpose === null ? undefined : [{ coding: [coding(SYSTEM.actReason, record.purpose)] }],
    }),
  ]
}

function entities(record: AuditRecord): readonly Resource[] {
  const { what, patient, correlationId } = record
  const references = what?.ids.flatMap((id) => referenceOf(what.type, id) ?? []) ?? []
  const person = coding(SYSTEM.entityType, '1', 'Person')
  const object = coding(SYSTEM.entityType, '2', 'System Object')
  return [
    ...(patient === null
      ? []
      : [{ what: { reference: `Patient/${patient}` }, type: person, role: role('1', 'Patient') }]),
    ...references.map((reference) => ({ what: { reference }, type: object, role: role('4', 'Domain Resource') })),
    ...(isSearch(record)
      ? [
          {
            type: object,
            role: role('24', 'Query'),
            // Names without values: what somebody searched for may be a person.
            query: Buffer.from(`${what?.type ?? ''}?${what?.query ?? ''}`).toString('base64'),
          },
        ]
      : []),
    { what: { identifier: { value: correlationId } }, type: coding(SYSTEM.balpEntity, 'XrequestId') },
  ]
}

/** A call of the FHIR API as an AuditEvent of IHE Basic Audit Log Patterns (norway.md §5.2); undefined for everything else. */
export function formatBalp(record: AuditRecord, names: AuditNames): Resource | undefined {
  if (!hasBalp(record)) return undefined
  return compact({
    resourceType: 'AuditEvent',
    id: `${record.id}.balp`,
    meta: { profile: [profileOf(record)] },
    type: coding(SYSTEM.eventType, 'rest', 'RESTful Operation'),
    subtype: [coding(SYSTEM.interaction, record.what?.interaction ?? 'read')],
    action: isSearch(record) ? 'E' : actionOf(record),
    recorded: record.at.toISOString(),
    outcome: outcomeOf(record),
    outcomeDesc: record.outcome === 'ok' ? undefined : record.policy?.reasonCode,
    agent: agents(record, names),
    source: {
      site: names.source.site,
      observer: { reference: `Device/${names.source.device}` },
      type: [coding(SYSTEM.sourceType, '4', 'Application Server')],
    },
    entity: entities(record),
  })
}
