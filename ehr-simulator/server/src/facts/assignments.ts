import { randomUUID } from 'node:crypto'
import { isResourceType } from '@uthopp/smart-core/fhir/resource-types'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { CareRooms } from './care-facts.ts'
import { type Contact, isPersonal } from './contacts.ts'
import type { Tell } from './storage/tell.ts'

/** What is given to somebody to do or to answer for, apart from where the patient lies. */
export const ASSIGNED_KINDS = ['referral', 'task', 'operation', 'attending', 'coordinating', 'primary'] as const

export type Assignment = Pick<Contact, 'patient' | 'unit' | 'user' | 'encounter' | 'elements'> & {
  readonly kind: (typeof ASSIGNED_KINDS)[number]
  readonly at: Date
}

function problemIn({ kind, user, elements }: Assignment): Problem | undefined {
  if (isPersonal(kind) && user === null) return problem('user', `\`user\` is needed for ${kind}`)
  if (kind !== 'task' && elements.length > 0) return problem('elements', '`elements` belong to a task')
  const strange = elements.find((type) => !isResourceType(type))
  return strange === undefined ? undefined : problem('elements', '`elements` must be FHIR types')
}

/** Registers a responsibility, a task or a place in the operation programme. */
export async function assign(
  { contacts, now }: Pick<CareRooms, 'contacts' | 'now'>,
  assignment: Assignment,
  tell?: Tell,
): Promise<{ readonly id: string } | Problem> {
  const wrong = problemIn(assignment)
  if (wrong) return wrong
  const { at, ...contact } = assignment
  const id = randomUUID()
  await contacts.add([{ ...contact, id, startsAt: at, endsAt: null }], now(), tell)
  return { id }
}
