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
    if (!(error instanceof ConfigProblem) && !(error instanceof PortTaken)) throw error
    const lines =
      error instanceof ConfigProblem ? error.problems.map((problem) => `${name}: ${problem}`) : [error.message]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exit(EXIT_CONFIG)
  }
}
