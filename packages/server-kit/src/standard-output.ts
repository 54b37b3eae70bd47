type Output = {
  /** `urgent`: what waits leaves now, this line last. */
  readonly write: (line: string, urgent?: boolean) => void
}

/** Lines that wait longer than this, in characters, are written before the tick ends. */
const MOST_WAITING = 64 * 1024

/**
 * Writes the lines of one tick together: a request has several, and each write is a call into the kernel.
 *
 * INVARIANT: lines leave in the order they came, and none is left behind by an exit or an uncaught error; Node writes to
 * files and pipes before the call returns (Node.js documentation, "process I/O"), which is what makes `exit` early enough.
 * A process that is killed, aborts or runs out of memory loses the lines of its last tick, though no error: those are urgent.
 */
export function createLineOutput(write: (lines: string) => void): Output & { readonly flush: () => void } {
  let waiting = ''
  const flush = (): void => {
    const lines = waiting
    waiting = ''
    if (lines !== '') write(lines)
  }
  return {
    flush,
    write(line, urgent = false) {
      if (waiting === '' && !urgent) setImmediate(flush)
      waiting += line
      if (urgent || waiting.length > MOST_WAITING) flush()
    },
  }
}

let opened: Output | undefined

/** The one standard output of this process. */
export function standardOutput(): Output {
  if (opened !== undefined) return opened
  const output = createLineOutput((lines) => void process.stdout.write(lines))
  process.on('exit', output.flush)
  return (opened = output)
}
