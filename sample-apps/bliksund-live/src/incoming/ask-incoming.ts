import { textAt } from '../smart/json.ts'
import { readJson, searchJson, type Session } from '../smart/session.ts'
import { inOrder, parseTransport, type Transport } from './transport.ts'

export type Incoming = {
  readonly transports: readonly Transport[]
  /** Names of vehicles and rooms by Location id; they do not change, so each is read once. */
  readonly places: ReadonlyMap<string, string>
}

export const NOBODY: Incoming = { transports: [], places: new Map() }

export async function askIncoming(session: Session, known: Incoming, signal: AbortSignal): Promise<Incoming> {
  const found = await searchJson(session, 'Encounter?class=EMER&status=in-progress&_count=50', signal)
  const transports = inOrder(found.flatMap((encounter) => parseTransport(encounter) ?? []))
  const places = new Map(known.places)
  const unread = new Set(
    transports
      .flatMap(({ vehicleId, vehicleName, roomId, roomName }) => [vehicleName ? '' : vehicleId, roomName ? '' : roomId])
      .filter((id) => id !== undefined && id !== '' && !places.has(id)),
  )
  await Promise.all([...unread].map(async (id) => places.set(id ?? '', await readPlace(session, id ?? '', signal))))
  return { transports, places }
}

/** A place without a readable name does not keep the list back. */
async function readPlace(session: Session, id: string, signal: AbortSignal): Promise<string> {
  try {
    return textAt(await readJson(session, `Location/${id}`, signal), 'name') ?? ''
  } catch {
    signal.throwIfAborted()
    return ''
  }
}
