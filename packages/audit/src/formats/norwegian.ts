import type { AuditRecord } from '#src/record.ts'
import { actionOf, outcomeOf, referenceOf } from './event-elements.ts'
import { actorReference, actorResources, encounterResource, patientResource } from './contained.ts'
import type { AuditNames, Reader } from './names.ts'
import { coding, compact, SYSTEM } from './systems.ts'

const PROFILE = 'http://hl7.no/fhir/StructureDefinition/no-domain-Trustframework-Auditevent'
const EXTENSION = 'http://hl7.no/fhir/StructureDefinition/auditevent'

type Resource = Readonly<Record<string, unknown>>

/** The care decision leant on; each of the four is there whenever one of them is (norway.md §5.1). */
function careRelation({ decision, at }: AuditRecord, names: AuditNames): readonly Resource[] {
  if (decision === null) return []
  const description = decision.template === null ? undefined : (names.template(decision.template) ?? decision.template)
  return [
    {
      url: `${EXTENSION}-carerelation-metadata-extension`,
      extension: [
        { url: 'decision-ref-id', valueString: decision.id },
        { url: 'decision-ref-description', valueString: description ?? 'Beslutning om helsehjelp' },
        { url: 'decision-ref-user-selected', valueBoolean: decision.userSelected },
        { url: 'toa', valueUnsignedInt: Math.floor(at.getTime() / 1000) },
      ],
    },
  ]
}

/** Exactly one purpose; a record without one was made where nobody is treated. */
function purposes({ purpose, decision }: AuditRecord): readonly Resource[] {
  const template = decision?.template ?? null
  return [
    { coding: [coding(SYSTEM.actReason, purpose ?? 'HSYSADMIN')] },
    ...(template === null ? [] : [{ coding: [coding(SYSTEM.decisionTemplate, template)] }]),
  ]
}

/** What was seen. A patient hears what kind of information it was, also of what was refused, but not which blocked item. */
function entities(record: AuditRecord, reader: Reader): readonly Resource[] {
  const { what, outcome } = record
  if (what === null) return []
  const name = what.type ?? undefined
  const hidden = reader === 'patient' && outcome !== 'ok'
  const references = hidden ? [] : what.ids.flatMap((id) => referenceOf(what.type, id) ?? [])
  const type = coding(SYSTEM.resourceTypes, what.type ?? 'Bundle')
  // A search that found nothing, or more than its ids tell, is an entity of its own.
  if (references.length === 0) return [compact({ what: { display: `${what.count ?? 0} treff` }, type, name })]
  return references.map((reference) => compact({ what: { reference }, type, name }))
}

/**
 * A record as the Norwegian AuditEvent of the trust framework (`hl7.fhir.no.domain.auditevent` 0.9.8): one for one patient.
 *
 * Numbers of staff stand in it only for a reader who is entitled to them.
 */
export function formatNorwegian(record: AuditRecord, names: AuditNames, reader: Reader): Resource {
  const { patient, clientId, correlationId, activity } = record
  const encounter = typeof record.detail['encounter'] === 'string' ? record.detail['encounter'] : undefined
  return compact({
    resourceType: 'AuditEvent',
    id: record.id,
    meta: { profile: [PROFILE] },
    contained: [
      ...(patient === null ? [] : [patientResource(patient, names)]),
      ...actorResources(record, names, reader),
      ...(encounter === undefined ? [] : [encounterResource(encounter)]),
    ],
    extension: [
      ...(patient === null
        ? []
        : [
            {
              url: `${EXTENSION}-patient-extension`,
              valueReference: { reference: '#patient', identifier: { value: patient } },
            },
          ]),
      ...(encounter === undefined
        ? []
        : [{ url: `${EXTENSION}-encounter-extension`, valueReference: { reference: '#encounter' } }]),
      ...careRelation(record, names),
    ],
    type: coding(SYSTEM.dcm, '110110', 'Patient Record'),
    subtype: [coding(SYSTEM.activity, activity)],
    action: actionOf(record),
    recorded: record.at.toISOString(),
    outcome: outcomeOf(record),
    outcomeDesc: record.outcome === 'ok' || reader === 'patient' ? undefined : (record.policy?.reasonCode ?? undefined),
    purposeOfEvent: purposes(record),
    agent: [
      { requestor: true, who: { reference: actorReference(record) } },
      ...(clientId === null || record.actor.id === clientId
        ? []
        : [
            {
              type: { coding: [coding(SYSTEM.dcm, '110150', 'Application')] },
              requestor: false,
              who: { identifier: { value: clientId }, display: names.client(clientId) ?? clientId },
            },
          ]),
    ],
    source: {
      site: names.source.site,
      observer: { reference: `Device/${names.source.device}`, display: record.source },
      type: [coding(SYSTEM.sourceType, '4', 'Application Server')],
    },
    entity: [
      ...entities(record, reader),
      {
        what: { identifier: { value: correlationId } },
        type: coding(SYSTEM.balpEntity, 'XrequestId'),
        name: 'correlation',
      },
    ],
  })
}
