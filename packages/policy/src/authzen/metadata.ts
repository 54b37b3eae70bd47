import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import { filled, object, optional } from '#src/json-reading.ts'

export type PdpMetadata = {
  readonly pdp: string
  readonly evaluation: string
  /** Absent is not supported (AZ-29). */
  readonly evaluations: string | null
}

/** Where the metadata of a decision point are: the well-known segment goes between host and path (AZ-26). */
export function metadataAddress(pdp: string): string {
  const { origin, pathname } = new URL(pdp)
  return `${origin}/.well-known/authzen-configuration${pathname === '/' ? '' : pathname}`
}

const METADATA = object(
  {
    policy_decision_point: filled,
    access_evaluation_endpoint: filled,
    access_evaluations_endpoint: optional(filled, null),
  },
  false,
)

/** Reads metadata, and refuses those of another decision point than the one looked for, character by character (AZ-28). */
export function parseMetadata(body: unknown, expected: string): PdpMetadata | Problem {
  const read = METADATA(body, '')
  if (isProblem(read)) return read
  if (read.policy_decision_point !== expected)
    return problem(read.policy_decision_point, 'the metadata are of another decision point')
  const endpoints = [read.access_evaluation_endpoint, read.access_evaluations_endpoint]
  // What an endpoint is told is who asks about whom: it goes nowhere the identifier does not stand for.
  const foreign = endpoints.find((endpoint) => endpoint !== null && originOf(endpoint) !== originOf(expected))
  if (foreign) return problem(foreign, 'an endpoint stands elsewhere than its decision point')
  return {
    pdp: expected,
    evaluation: read.access_evaluation_endpoint,
    evaluations: read.access_evaluations_endpoint,
  }
}

const originOf = (address: string): string | undefined => (URL.canParse(address) ? new URL(address).origin : undefined)
