import type { Trace } from '@uthopp/server-kit/trace'
import type { LogClient } from './log-client.ts'
import type { LogEntry } from './log-entry.ts'
import { type Look, looksOf } from './looks.ts'

/** So many looks make a page: lines of the same look take no places, however often an app asks. */
const ENOUGH = 50
/** As far as is read for one page; the rest is behind the next. */
const MOST_PAGES = 20

/** A page of the patient's own log, joined into looks before anything is cut, and where what is older begins. */
export async function readLooks(
  log: LogClient,
  trace: Trace,
  { patient, cursor }: { readonly patient: string; readonly cursor: string | null },
): Promise<{ readonly looks: readonly Look[]; readonly older: string | null }> {
  const entries: LogEntry[] = []
  let next = cursor
  let looks: readonly Look[] = []
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await log.readPage(trace, { patient, reader: patient, cursor: next })
    entries.push(...page.entries)
    next = page.next
    looks = looksOf(entries)
    if (next === null || looks.length >= ENOUGH) break
  }
  return { looks, older: next }
}
