import type { Refused } from '../api/client.ts'
import { formatRefusal } from '../format/refusals.ts'

/** Refusals of what somebody wrote stand at the field, all others above the form. */
export const reasonError = (refused: Refused | null): string | undefined =>
  refused?.code === 'reason_required' ? formatRefusal(refused) : undefined

export const formError = (refused: Refused | null): Refused | null =>
  refused?.code === 'reason_required' ? null : refused
