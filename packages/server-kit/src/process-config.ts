import type { Deployment } from './deployment.ts'
import {
  ConfigProblem,
  type Environment,
  oneOf,
  optional,
  port,
  readEnvironment,
  required,
  text,
  withDefault,
} from './config.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import { readDeployment } from './read-deployment.ts'

/** What every process of a deployment reads from its environment. */
export type ProcessConfig = {
  readonly deployment: Deployment
  /** The port of the process's own address, unless PORT says another. */
  readonly port: number
  readonly storage: 'disk' | 'memory'
  /** Where files live; undefined only when nothing is kept. */
  readonly data: string | undefined
  readonly databaseUrl: string | undefined
  readonly logLevel: LogLevel
}

const SPEC = {
  deployment: required('UTHOPP_DEPLOYMENT', text),
  port: optional('PORT', port),
  storage: withDefault('UTHOPP_STORAGE', oneOf(['disk', 'memory']), 'disk'),
  data: optional('UTHOPP_DATA', text),
  databaseUrl: optional('UTHOPP_DATABASE', (value) =>
    /^postgres(ql)?:\/\//.test(value) ? { value } : { reason: 'is not a postgres:// address' },
  ),
  logLevel: withDefault('UTHOPP_LOG_LEVEL', oneOf(LOG_LEVELS), 'info'),
}

/** Reads the environment and the deployment file of one process; throws one `ConfigProblem` with everything wrong in both. */
export function readProcessConfig(
  env: Environment,
  options: { readonly address: keyof Deployment['addresses'] },
): ProcessConfig {
  const problems: string[] = []
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error
      problems.push(...error.problems)
      return undefined
    }
  }
  const environment = attempt(() => readEnvironment(env, SPEC))
  const path = env['UTHOPP_DEPLOYMENT']
  const deployment = path ? attempt(() => readDeployment(path)) : undefined
  if (environment?.storage === 'disk' && environment.data === undefined) {
    problems.push('UTHOPP_DATA: is required unless UTHOPP_STORAGE is memory')
  }
  if (!environment || !deployment || problems.length > 0) throw new ConfigProblem(problems)
  const own = new URL(deployment.addresses[options.address])
  const ownPort = Number(own.port) || (own.protocol === 'https:' ? 443 : 80)
  return Object.freeze({ ...environment, deployment, port: environment.port ?? ownPort })
}
