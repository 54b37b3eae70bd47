import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { FactChange } from './fact-cache.ts'
import { choice, filled, object } from './json-reading.ts'

/** One line of the host's change stream, `GET <facts>/changes`. */
export type FactLine = { readonly sequence: string; readonly event: 'heartbeat' | FactChange }

const LINE = object({ kind: choice(['patient', 'user', 'heartbeat']), sequence: filled }, false)
const NAMED = object({ id: filled }, false)

/** Reads a line. One that is not understood is a problem: it may have been about the patient somebody is looking at. */
export function parseFactLine(text: string): FactLine | Problem {
  const json = parseJson(text)
  const line = LINE(json, '')
  if (isProblem(line)) return problem('', `a line of the fact stream is not understood: ${line.reason}`)
  const { kind, sequence } = line
  if (kind === 'heartbeat') return { sequence, event: 'heartbeat' }
  const named = NAMED(json, '')
  return isProblem(named)
    ? problem('', `a line of the fact stream is not understood: ${named.reason}`)
    : { sequence, event: { kind, id: named.id } }
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
