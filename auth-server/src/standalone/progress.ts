/**
 * How far a person has come in one interaction. What is undefined has not been answered; null means that there is none.
 * Kept on the server: a form says only what was chosen now, and each choice is checked when it is made.
 */
export type Progress = {
  readonly user: string | undefined
  readonly role: string | null
  readonly patient: string | null | undefined
  readonly encounter: string | null | undefined
}

/** Every answer a standalone launch needs. */
export type Settled = {
  readonly user: string
  readonly kind: 'staff' | 'citizen'
  readonly role: string | null
  readonly patient: string | null
  readonly encounter: string | null
  /** The allowed scopes, separated by spaces. */
  readonly scope: string
}

export const NOTHING_YET: Progress = { user: undefined, role: null, patient: undefined, encounter: undefined }

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const answerOf = (value: unknown): string | null | undefined => (value === null ? null : textOf(value))

/** Reads what the interaction's row holds of it. */
export function readProgress(result: unknown): Progress {
  const { user, role, patient, encounter } = membersOf(membersOf(result)['progress'])
  return { user: textOf(user), role: textOf(role) ?? null, patient: answerOf(patient), encounter: answerOf(encounter) }
}

export function readSettled(result: unknown): Settled | undefined {
  const { user, kind, role, patient, encounter, scope } = membersOf(membersOf(result)['standalone'])
  if (typeof user !== 'string' || typeof scope !== 'string' || (kind !== 'staff' && kind !== 'citizen'))
    return undefined
  return {
    user,
    kind,
    role: textOf(role) ?? null,
    patient: textOf(patient) ?? null,
    encounter: textOf(encounter) ?? null,
    scope,
  }
}
