import { pino } from 'pino'
import { scrub } from './scrub.ts'
import { standardOutput } from './standard-output.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** The only things a line may carry. Anything that could be a secret, a person or a free text has no field here. */
export type LogFields = {
  /** The route template, never the path that was asked for. */
  readonly route?: string
  readonly method?: string
  readonly status?: number
  readonly durationMs?: number
  readonly correlationId?: string
  readonly tenant?: string
  readonly clientId?: string
  /** The id of a launch, never its handle. */
  readonly launchId?: string
  readonly grantId?: string
  readonly resourceType?: string
  readonly interaction?: string
  readonly code?: string
  readonly rule?: string
  /** A sentence from our source code, never one from a caller. */
  readonly reason?: string
  readonly process?: string
  readonly address?: string
  readonly port?: number
  readonly count?: number
  readonly bytes?: number
  readonly bound?: boolean
}

const FIELDS: Readonly<Record<keyof LogFields, true>> = {
  route: true,
  method: true,
  status: true,
  durationMs: true,
  correlationId: true,
  tenant: true,
  clientId: true,
  launchId: true,
  grantId: true,
  resourceType: true,
  interaction: true,
  code: true,
  rule: true,
  reason: true,
  process: true,
  address: true,
  port: true,
  count: true,
  bytes: true,
  bound: true,
}

/** Structured lines, one JSON object each. `event` is a constant of the source code in kebab-case. */
export type Log = {
  readonly debug: (event: string, fields?: LogFields) => void
  readonly info: (event: string, fields?: LogFields) => void
  readonly warn: (event: string, fields?: LogFields) => void
  /** `error` is logged by class, code and stack; its message is scrubbed. */
  readonly error: (event: string, fields?: LogFields & { readonly error?: unknown }) => void
}

function known(fields: object): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(FIELDS, name)) continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') kept[name] = value
  }
  return kept
}

const MAX_CAUSES = 4

/** How a line begins that must not wait; the level is its first member. */
const ERROR = /^\{"level":"(?:error|fatal)"/

/** What may be told of a thrown thing. The text of a SyntaxError quotes the input it failed on, so only its frames stay. */
function describe(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof SyntaxError ? {} : { message: error.message }),
    stack: frames.map((line) => line.trim()),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describe(error.cause, depth + 1) }),
  }
}

/** Opens the log of one process; `write` receives whole scrubbed lines and defaults to standard output. */
export function createLog(options: {
  readonly name: string
  readonly level?: LogLevel
  readonly write?: (line: string, urgent: boolean) => void
}): Log {
  const write = options.write ?? standardOutput().write
  const out = pino(
    {
      base: { process: options.name },
      level: options.level ?? 'info',
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(scrub(line), ERROR.test(line)) },
  )
  return {
    debug: (event, fields = {}) => out.debug(known(fields), event),
    info: (event, fields = {}) => out.info(known(fields), event),
    warn: (event, fields = {}) => out.warn(known(fields), event),
    error: (event, { error, ...fields } = {}) =>
      out.error(error === undefined ? known(fields) : { ...known(fields), error: describe(error) }, event),
  }
}
