import type { RoleFacts } from '@uthopp/policy/facts'
import { readControlList } from '#src/facts/control-list.ts'
import type { TakenDecision } from '#src/facts/taken-decisions.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import { readCareList } from '#src/work-surface/access/own-case.ts'
import type { SurfaceDeps } from '#src/work-surface/surface-deps.ts'

const LOOKED_BACK_MS = 90 * 86_400_000

/**
 * What a leader goes through: all that the unit's own people gave themselves, and every emergency about a patient who is in
 * the unit's care, whoever it was: nobody knows better whether it was one.
 */
export async function readConcerning(
  deps: SurfaceDeps,
  present: OnDuty,
  role: RoleFacts,
): Promise<readonly TakenDecision[]> {
  return readControlList(deps.facts, {
    units: role.units,
    patients: await readCareList(deps, present),
    since: new Date(deps.now().getTime() - LOOKED_BACK_MS),
  })
}
