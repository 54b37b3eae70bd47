import type { StreamLine } from '@uthopp/server-kit/follow-stream'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import { parseJson, stringOf } from '#src/json.ts'

/** What died, as the authorization server of a trust tells it. */
export type Revocation = {
  /** `token`: one access token, by its `jti`; for those of backend services, which no grant holds together. */
  readonly kind: 'grant' | 'client' | 'user' | 'launch' | 'token'
  readonly id: string
  /** Tokens of a client or user issued until then are dead; one named, or of a grant, is whenever it was issued. */
  readonly at: Date
}

const KINDS = ['grant', 'client', 'user', 'launch', 'token'] as const

/** Reads a line. One that is not understood is a problem: it may have been about a token somebody is using. */
export function parseStreamLine(text: string): StreamLine<Revocation> | Problem {
  const members = parseJson(text)
  if (!isRecord(members)) return problem('', 'a line of the revocation stream is not a JSON object')
  const sequence = stringOf(members['sequence'])
  if (sequence === undefined) return problem('', 'a line of the revocation stream has no sequence')
  if (members['kind'] === 'heartbeat') return { sequence, event: 'heartbeat' }
  const event = parseRevocation(members)
  return isProblem(event) ? event : { sequence, event }
}

function parseRevocation(members: Readonly<Record<string, unknown>>): Revocation | Problem {
  const kind = KINDS.find((known) => known === members['kind'])
  const id = stringOf(members['id'])
  const at = new Date(stringOf(members['at']) ?? '')
  if (kind === undefined || id === undefined || id === '' || Number.isNaN(at.getTime()))
    return problem('', 'a line of the revocation stream is not understood')
  return { kind, id, at }
}
