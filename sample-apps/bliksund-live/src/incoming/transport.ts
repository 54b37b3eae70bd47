import { at, conceptText, dateAt, hasCode, type Json, listAt, textAt } from '../smart/json.ts'

export type Urgency = 'red' | 'yellow' | 'green' | 'unknown'

/** An ambulance on its way. Nothing here can hold a name: the list is shown without a patient. */
export type Transport = {
  readonly id: string
  readonly vehicleId: string | undefined
  readonly vehicleName: string | undefined
  readonly roomId: string | undefined
  readonly roomName: string | undefined
  readonly arrives: Date | undefined
  readonly urgency: Urgency
  /** Sex and age only. */
  readonly who: string
  readonly problem: string
  readonly news2: number | undefined
}

/** v3-ActPriority to the colours Norwegian emergency services use. */
const URGENCIES = [
  ['red', ['EM', 'S']],
  ['yellow', ['UR', 'A']],
  ['green', ['R']],
] as const

const NEWS2 = '1104051000000101'
const SEX_AND_AGE =
  /^(?:ukjent )?(?:mann|kvinne|gutt|jente|barn|person),? (?:ca\.? )?\d{1,3} (?:år|mnd|måneder|uker|dager)$/i

const idOf = (place: unknown): string | undefined =>
  /(?:^|\/)Location\/(?<id>[A-Za-z0-9.-]{1,64})$/.exec(textAt(place, 'location', 'reference') ?? '')?.groups?.['id']

/** Reads an Encounter of class EMER that is under way in a vehicle; undefined for one already at the hospital. */
export function parseTransport(encounter: Json): Transport | undefined {
  const id = textAt(encounter, 'id')
  const places = listAt(encounter, 'location')
  const vehicle = places.find((place) => textAt(place, 'status') === 'active')
  const room = places.find((place) => textAt(place, 'status') === 'planned')
  if (!id || !vehicle || !room) return undefined
  const priority = at(encounter, 'priority')
  const reasons = listAt(encounter, 'reasonCode')
  const score = conceptText(reasons.find((reason) => hasCode(reason, NEWS2)))
  const who = textAt(encounter, 'subject', 'display') ?? ''
  const total = /\d{1,2}/.exec(score?.replace('NEWS2', '') ?? '')?.[0]
  return {
    id,
    vehicleId: idOf(vehicle),
    vehicleName: textAt(vehicle, 'location', 'display'),
    roomId: idOf(room),
    roomName: textAt(room, 'location', 'display'),
    arrives: dateAt(room, 'period', 'start'),
    urgency: URGENCIES.find(([, codes]) => hasCode(priority, ...codes))?.[0] ?? 'unknown',
    who: SEX_AND_AGE.test(who) ? who : 'Ukjent pasient',
    problem: conceptText(reasons.find((reason) => !hasCode(reason, NEWS2))) ?? 'Ikke oppgitt',
    news2: total === undefined ? undefined : Number(total),
  }
}

const RANK: Record<Urgency, number> = { red: 0, yellow: 1, unknown: 2, green: 3 }

/** Most urgent first, then who comes first. */
export const inOrder = (transports: readonly Transport[]): readonly Transport[] =>
  transports.toSorted(
    (a, b) =>
      RANK[a.urgency] - RANK[b.urgency] ||
      (a.arrives?.getTime() ?? Number.MAX_SAFE_INTEGER) - (b.arrives?.getTime() ?? Number.MAX_SAFE_INTEGER),
  )
