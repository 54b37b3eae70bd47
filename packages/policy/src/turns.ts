/** Policy work of all callers together holds the event loop no longer than this before others have their turn (AZ-19). */
const SLICE_MS = 5

let sliceEnds = 0
let running = false
const waiting: (() => void)[] = []

/**
 * Undefined while there is time left in this turn of the event loop, else a promise for the next turn.
 *
 * All work of the thread shares one slice: ten callers with a slice each would hold everything else up for ten slices. So
 * whoever waits is called one a turn.
 */
export function giveTurn(): Promise<void> | undefined {
  if (!running) begin()
  if (performance.now() < sliceEnds) return undefined
  return new Promise((resolve) => waiting.push(resolve))
}

function begin(): void {
  running = true
  sliceEnds = performance.now() + SLICE_MS
  setImmediate(next)
}

function next(): void {
  const resume = waiting.shift()
  if (resume === undefined) {
    running = false
    return
  }
  begin()
  resume()
}
