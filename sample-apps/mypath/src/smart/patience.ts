import { at } from './json.ts'

/** Server states that pass by themselves (RFC 9110 §15.5.9, §15.6.3–5; RFC 6585 §4). */
const PASSING: readonly unknown[] = [408, 429, 502, 503, 504]
/** A chart that waits longer than this says so instead. */
const MOST_RETRIES = 2
const LONGEST_WAIT_MS = 5000
const USUAL_WAIT_MS = 1000

type Pause = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>

export const passesBy = (status: unknown): boolean => PASSING.includes(status)

/** Asks again, at most twice, where the server says that it could not answer just now. Only for reads: they change nothing. */
export async function patiently<T>(
  read: () => Promise<T>,
  signal: AbortSignal | undefined,
  pause: Pause = wait,
): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await read()
    } catch (error) {
      signal?.throwIfAborted()
      const status = at(error, 'status')
      if (retries === MOST_RETRIES || !passesBy(status)) throw error
      await pause(waitAfter(error, retries), signal)
      signal?.throwIfAborted()
    }
  }
}

/** As long as `Retry-After` says (RFC 9110 §10.2.3, seconds only), never longer than a person waits. */
export function waitAfter(error: unknown, retries: number): number {
  const response = at(error, 'response')
  const said = response instanceof Response ? response.headers.get('retry-after') : null
  const usual = USUAL_WAIT_MS * 2 ** retries
  return Math.min(said && /^\d{1,6}$/.test(said) ? Number(said) * 1000 : usual, LONGEST_WAIT_MS)
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
