import { ConfigProblem } from './config.ts'
import { type Listening, PortTaken } from './listen.ts'

/** EX_CONFIG of sysexits.h: a supervisor can tell a broken configuration from a crash. */
const EXIT_CONFIG = 78

/**
 * The last line of every main.ts: starts the process, closes it on SIGTERM or SIGINT (also one that arrives while it starts), and
 * tells a broken configuration or a taken port in one line a problem instead of a stack.
 */
export async function runProcess(name: string, start: () => Promise<Pick<Listening, 'close'>>): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  try {
    const running = await start()
    void signalled
      .then(() => running.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
  } catch (error) {
    const lines = linesOf(name, error)
    if (lines === undefined) throw error
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exit(EXIT_CONFIG)
  }
}

/** What the person who starts the process can put right, in a line each; undefined for a fault of ours. */
function linesOf(name: string, error: unknown): readonly string[] | undefined {
  if (error instanceof ConfigProblem) return error.problems.map((problem) => `${name}: ${problem}`)
  if (error instanceof PortTaken) return [error.message]
  const { code, syscall, path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {} // its members are all optional
  if (code === undefined) return undefined
  if (syscall !== undefined && DISK_CALLS.has(syscall) && path !== undefined)
    return [`${name}: UTHOPP_DATA: \`${path}\` cannot be used (${code})`]
  // The address is not repeated: it may hold a password.
  if (DATABASE_UNREACHABLE.test(code)) return [`${name}: UTHOPP_DATABASE: cannot be used (${code})`]
  return undefined
}

const DISK_CALLS: ReadonlySet<string> = new Set(['mkdir', 'open', 'access', 'stat'])
/** No way to the server (Node's codes), or it does not let us in (PostgreSQL appendix A, classes 08, 28, 3D). */
const DATABASE_UNREACHABLE =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|08\w{3}|28\w{3}|3D\w{3})$/
