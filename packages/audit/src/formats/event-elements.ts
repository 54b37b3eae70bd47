import type { AuditRecord } from '#src/record.ts'

/** `AuditEvent.action` of a FHIR interaction; everything that is none is an execution (DICOM CID 400). */
export function actionOf({ what, activity }: AuditRecord): 'C' | 'R' | 'U' | 'D' | 'E' {
  const interaction = what?.interaction ?? (activity === 'fhir-access' ? 'read' : '')
  if (/^(?:read|vread|search|history|patient-opened|capabilities)/.test(interaction)) return 'R'
  if (interaction.startsWith('create')) return 'C'
  if (/^(?:update|patch)/.test(interaction)) return 'U'
  if (interaction.startsWith('delete')) return 'D'
  return ['patient-opened', 'imaging-access', 'log-read', 'explanation-read'].includes(activity) ? 'R' : 'E'
}

/** DICOM: success, minor failure (the caller's), serious failure (ours). */
export const outcomeOf = ({ outcome }: AuditRecord): '0' | '4' | '8' =>
  outcome === 'ok' ? '0' : outcome === 'refused' ? '4' : '8'

/** `Type/id` as the record has it, or a type and an id beside it. */
export const referenceOf = (type: string | null, id: string): string | undefined => {
  if (/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(id)) return id
  return type !== null && /^[A-Za-z0-9.-]{1,64}$/.test(id) ? `${type}/${id}` : undefined
}
