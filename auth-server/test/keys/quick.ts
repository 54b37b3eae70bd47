import { type KeySchedule, scheduleOfDays } from '#src/keys/stages.ts'

/** Keys change when somebody asks, and soon after; the key set may be kept for one second. */
export const QUICK: KeySchedule = { ...scheduleOfDays(30), publishedBeforeMs: 3000, lookEveryMs: 50 }
