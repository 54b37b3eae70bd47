import type { Answer, Refused } from '../api/client.ts'
import type { RoleFace, SessionFace, TrustFace } from '../api/session.ts'

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

/** What the first two questions (who are you, where is this) amount to. */
export function firstStage(trust: Answer<TrustFace>, session: Answer<SessionFace>): Stage {
  if (session.kind === 'answered') return stageOf(session.value)
  if (trust.kind === 'refused') return { kind: 'unreachable', refused: trust }
  if (session.status === 401) return { kind: 'signed-out', trust: trust.value, expired: false }
  return { kind: 'unreachable', refused: session }
}

/** Any answer may reveal that the session ended elsewhere or ran out. */
export function afterRefusal(stage: Stage, refused: Refused): Stage {
  if (refused.status !== 401 || refused.code !== 'not_signed_in') return stage
  if (stage.kind !== 'working' && stage.kind !== 'choosing-role') return stage
  return { kind: 'signed-out', trust: stage.session.trust, expired: true }
}
