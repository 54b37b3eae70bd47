import { randomUUID } from 'node:crypto'
import type { RoleFacts } from '@uthopp/policy/facts'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { CareRooms } from './care-facts.ts'
import { EVERYTHING } from './elements.ts'
import type { Tell } from './storage/tell.ts'

/** What a project or a ticket is approved for; its purpose is none that a clinical app may be opened with (norway.md §6.3). */
const PURPOSES = { KVAL: 'HQUALIMP', FORSK: 'HRESCH', UNDERVISN: 'TRAIN', ITSYSARB: 'HSYSADMIN' } as const

export const APPROVED_TEMPLATES = ['KVAL', 'FORSK', 'UNDERVISN', 'ITSYSARB'] as const

const LONGEST_MS = 366 * 86_400_000

export type Approval = {
  readonly patient: string
  readonly user: string
  readonly role: RoleFacts
  readonly template: (typeof APPROVED_TEMPLATES)[number]
  /** Number of the project or ticket. */
  readonly approval: string
  readonly validUntil: Date
}

/** Registers what somebody else has approved for a person and a patient. */
export async function approve(
  { decisions, now }: Pick<CareRooms, 'decisions' | 'now'>,
  { patient, user, role, template, approval, validUntil }: Approval,
  tell?: Tell,
): Promise<{ readonly id: string } | Problem> {
  const at = now()
  if (validUntil <= at || validUntil.getTime() - at.getTime() > LONGEST_MS)
    return problem('valid_until', '`valid_until` must lie ahead, at most a year')
  const id = randomUUID()
  await decisions.take(
    {
      id,
      patient,
      user,
      role: role.id,
      unit: role.unit,
      template,
      purpose: PURPOSES[template],
      elements: EVERYTHING,
      items: [],
      reason: approval,
      selfSelected: false,
      validFrom: at,
      validUntil,
      endedAt: null,
      renewal: null,
      review: null,
    },
    at,
    tell,
  )
  return { id }
}
