import { type Environment, type Reader, readEnvironment, withDefault } from '@uthopp/server-kit/config'
import { RETENTION_YEARS } from '@uthopp/audit/retention'

const years: Reader<number> = (value) =>
  /^[1-9]\d?$/.test(value) ? { value: Number(value) } : { reason: `\`${value}\` is not a number of years from 1 to 99` }

/** How long the access log is kept. */
export const readRetentionYears = (env: Environment): number =>
  readEnvironment(env, { years: withDefault('UTHOPP_AUDIT_YEARS', years, RETENTION_YEARS) }).years
