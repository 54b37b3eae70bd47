import type { Answer, Refused } from '../api/client.ts'
import type { DoorFace, RoleFace, SessionFace, TrustFace } from '../api/session.ts'

/** How far a person has come through the door. */
export type Stage =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unreachable'; readonly refused: Refused }
  | { readonly kind: 'signed-out'; readonly trust: TrustFace; readonly expired: boolean }
  | { readonly kind: 'choosing-role'; readonly session: SessionFace }
  | { readonly kind: 'working'; readonly session: SessionFace; readonly role: RoleFace }

/** A session without an active role sees no patients: the role comes first. */
export function stageOf(session: SessionFace): Stage {
  return session.role === null ? { kind: 'choosing-role', session } : { kind: 'working', session, role: session.role }
}

/** What the first question (where is this, is anybody signed in) amounts to; null means: ask for the session. */
export function stageAtDoor(door: Answer<DoorFace>): Stage | null {
  if (door.kind === 'refused') return { kind: 'unreachable', refused: door }
  return door.value.signedIn ? null : { kind: 'signed-out', trust: door.value, expired: false }
}

/** And the second; the session may have run out between the two. */
export function stageOfAnswer(session: Answer<SessionFace>): Stage {
  return session.kind === 'answered' ? stageOf(session.value) : { kind: 'unreachable', refused: session }
}

/** Any answer may reveal that the session ended elsewhere or ran out. */
export function afterRefusal(stage: Stage, refused: Refused): Stage {
  if (refused.status !== 401 || refused.code !== 'not_signed_in') return stage
  if (stage.kind !== 'working' && stage.kind !== 'choosing-role') return stage
  return { kind: 'signed-out', trust: stage.session.trust, expired: true }
}
