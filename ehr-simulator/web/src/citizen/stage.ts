import type { Answer, Refused } from '../api/client.ts'
import type { DoorFace, TrustFace } from '../api/session.ts'
import type { CitizenSession } from './api.ts'

/** How far a citizen has come through the door. */
export type CitizenStage =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unreachable'; readonly refused: Refused }
  | { readonly kind: 'signed-out'; readonly trust: TrustFace; readonly expired: boolean }
  | { readonly kind: 'inside'; readonly session: CitizenSession }

export function stageAtDoor(door: Answer<DoorFace>): CitizenStage | null {
  if (door.kind === 'refused') return { kind: 'unreachable', refused: door }
  return door.value.signedIn ? null : { kind: 'signed-out', trust: door.value, expired: false }
}

export function stageOfSession(session: Answer<CitizenSession>): CitizenStage {
  return session.kind === 'answered'
    ? { kind: 'inside', session: session.value }
    : { kind: 'unreachable', refused: session }
}

/** Any answer may reveal that the session ended elsewhere or ran out; the page then holds nothing of the record. */
export function afterRefusal(stage: CitizenStage, refused: Refused): CitizenStage {
  return refused.code === 'not_signed_in' && stage.kind === 'inside'
    ? { kind: 'signed-out', trust: stage.session.trust, expired: true }
    : stage
}
