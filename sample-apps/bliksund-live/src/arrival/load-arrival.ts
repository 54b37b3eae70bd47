import { parseTransport, type Transport } from '../incoming/transport.ts'
import { type Part, readPart } from '../smart/part.ts'
import { searchJson, type Session } from '../smart/session.ts'
import { namesInForce } from './names-in-force.ts'

export type Arrival = {
  readonly transport: Transport | undefined
  readonly allergies: Part<readonly string[]>
  readonly conditions: Part<readonly string[]>
}

export async function loadArrival(session: Session, signal: AbortSignal): Promise<Arrival> {
  const find = (type: string, more: string) =>
    searchJson(session, `${type}?patient=${encodeURIComponent(session.patientId ?? '')}${more}`, signal)
  const [encounters, allergies, conditions] = await Promise.all([
    readPart(find('Encounter', '&class=EMER&status=in-progress'), signal),
    readPart(find('AllergyIntolerance', '&_count=50').then(namesInForce), signal),
    readPart(find('Condition', '&_count=50').then(namesInForce), signal),
  ])
  const found = encounters.kind === 'read' ? encounters.value : []
  return { transport: found.flatMap((encounter) => parseTransport(encounter) ?? [])[0], allergies, conditions }
}
