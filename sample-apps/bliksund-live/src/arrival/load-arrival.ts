import { type Part, readPart } from '../smart/part.ts'
import { searchJson, type Session } from '../smart/session.ts'
import { namesInForce } from './names-in-force.ts'

export type Arrival = {
  readonly allergies: Part<readonly string[]>
  readonly conditions: Part<readonly string[]>
}

export async function loadArrival(session: Session, signal: AbortSignal): Promise<Arrival> {
  const find = (type: string, more: string) =>
    searchJson(session, `${type}?patient=${encodeURIComponent(session.patientId ?? '')}${more}`, signal)
  const [allergies, conditions] = await Promise.all([
    readPart(find('AllergyIntolerance', '&_count=50').then(namesInForce), signal),
    readPart(find('Condition', '&_count=50').then(namesInForce), signal),
  ])
  return { allergies, conditions }
}
