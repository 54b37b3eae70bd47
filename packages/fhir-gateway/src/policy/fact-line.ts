import type { FactChange } from '@uthopp/policy/fact-cache'
import type { StreamLine } from '@uthopp/server-kit/follow-stream'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import { parseJson, stringOf } from '#src/json.ts'

/** Reads a line of the host's change stream. One that is not understood may have been about somebody just decided on. */
export function parseFactLine(text: string): StreamLine<FactChange> | Problem {
  const members = parseJson(text)
  if (!isRecord(members)) return problem('', 'a line of the change stream is not a JSON object')
  const sequence = stringOf(members['sequence'])
  if (sequence === undefined) return problem('', 'a line of the change stream has no sequence')
  const { kind } = members
  if (kind === 'heartbeat') return { sequence, event: 'heartbeat' }
  const id = stringOf(members['id'])
  if ((kind !== 'patient' && kind !== 'user') || id === undefined || id === '')
    return problem('', 'a line of the change stream is not understood')
  return { sequence, event: { kind, id } }
}
