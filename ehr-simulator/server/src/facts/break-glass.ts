import type { RoleFacts } from '@uthopp/policy/facts'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'
import type { CareRooms } from './care-facts.ts'
import { EVERYTHING } from './elements.ts'
import { implicitDecisions } from './implicit-decisions.ts'
import { parseReason } from './reason.ts'
import { refused, type Taken, type Taker } from './self-authorize.ts'
import type { Also } from './storage/decisions.ts'
import { isForApps, type TakenDecision } from './taken-decisions.ts'

/** Fifteen minutes, however long anything else lasts (norway.md §6.3, "BTG overlay"). */
const LASTS_MS = 15 * 60_000
const MOST_ITEMS = 50
const NEEDED_ACR = 4

export type Glass = Taker & {
  readonly id: string
  readonly patient: string
  /** `Type/id` of each. */
  readonly items: readonly string[]
  /** What is opened with them: a document's bytes are an item of their own. */
  readonly along: readonly string[]
  /** Those that a block keeps from this person, as policy has it. */
  readonly blocked: ReadonlySet<string>
  readonly reason: string | null
  readonly confirmed: boolean
  readonly acr: number
}

type Rooms = Pick<CareRooms, 'contacts' | 'decisions' | 'team' | 'now'>

/** Opening what is blocked lies over an access one has already; by itself it gives none. */
async function standsOnSomething(rooms: Rooms, taker: Taker, patient: string): Promise<boolean> {
  const now = rooms.now()
  const [team, contacts, taken] = await Promise.all([
    rooms.team.patientsOf(taker.user, [patient]),
    rooms.contacts.ofPatients([patient]),
    rooms.decisions.liveOf({ user: taker.user, role: taker.role.id }, [patient], now),
  ])
  return (
    team.has(patient) ||
    implicitDecisions(contacts, taker, now).length > 0 ||
    taken.some((decision) => decision.template !== 'BTG' && isForApps(decision))
  )
}

const isPhysician = ({ kind }: RoleFacts): boolean => kind === 'physician'

/** Lifts the block on named items for a quarter of an hour: physicians, level 4, with a reason and a confirmation. */
export async function breakGlass(
  rooms: Rooms,
  { id, user, role, patient, items: asked, along, blocked, reason, confirmed, acr }: Glass,
  also?: Also,
): Promise<
  | Taken
  | {
      readonly kind: 'refused'
      readonly code:
        | 'glass_not_available'
        | 'acr_too_low'
        | 'confirmation_required'
        | 'reason_required'
        | 'items_required'
        | 'item_not_blocked'
    }
> {
  if (!isPhysician(role) || !(await standsOnSomething(rooms, { user, role }, patient)))
    return refused('glass_not_available')
  if (acr < NEEDED_ACR) return refused('acr_too_low')
  if (!confirmed) return refused('confirmation_required')
  const words = parseReason(reason ?? '')
  if (isProblem(words)) return refused('reason_required')
  const items = [...new Set(asked)]
  if (items.length === 0 || items.length > MOST_ITEMS) return refused('items_required')
  if (items.some((item) => isProblem(parseReference(item)) || !blocked.has(item))) return refused('item_not_blocked')
  const now = rooms.now()
  const decision: TakenDecision = {
    id,
    patient,
    user,
    role: role.id,
    unit: role.unit,
    template: 'BTG',
    purpose: 'BTG',
    elements: EVERYTHING,
    items: [...new Set([...items, ...along])],
    reason: words,
    selfSelected: true,
    validFrom: now,
    validUntil: new Date(now.getTime() + LASTS_MS),
    endedAt: null,
    renewal: null,
    review: null,
  }
  return (await rooms.decisions.take(decision, now, also))
    ? { kind: 'taken', decision }
    : refused('glass_not_available')
}
