import { type Environment, type Reader, readEnvironment, withDefault } from '@uthopp/server-kit/config'
import { type KeySchedule, scheduleOfDays } from './stages.ts'

const days: Reader<number> = (value) =>
  /^[1-9]\d{0,2}$/.test(value) && Number(value) <= 365
    ? { value: Number(value) }
    : { reason: `\`${value}\` is not a number of days from 1 to 365` }

/** How long a key signs; everything else about the change of keys follows from what they sign. */
export const readKeySchedule = (env: Environment): KeySchedule =>
  scheduleOfDays(readEnvironment(env, { days: withDefault('UTHOPP_KEY_DAYS', days, 30) }).days)
