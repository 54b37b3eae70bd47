import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { AppContext } from './http-app.ts'
import { refuse } from './refusal.ts'

/** A place in a sequenced log. A log made anew has another epoch, so its places are not mistaken for old ones. */
export type Position = { readonly epoch: string; readonly sequence: number }

export type Page<E> = {
  readonly entries: readonly E[]
  /** Where to read on. */
  readonly position: Position
  /** True when there may be more already. */
  readonly full: boolean
}

/** INVARIANT of every such log: a sequence number becomes visible only after every lower one has. */
type SequencedLog<E> = {
  /** Where a reader begins who names no place. */
  readonly start: () => Promise<Position>
  /** Where a reader goes on who names this place; the log decides what a place means that it never gave. */
  readonly resume: (position: Position) => Promise<Position>
  readonly readAfter: (position: Position) => Promise<Page<E>>
}

type StreamDeps<E> = {
  /** Refuses, or says until when this reader may listen. */
  readonly admit: (ctx: AppContext) => Promise<{ readonly until: Date }>
  readonly log: SequencedLog<E>
  /** The members of a line; its `sequence` is added here. */
  readonly membersOf: (entry: E, position: string) => Readonly<Record<string, string>>
  /** Well inside the silence after which readers trust nothing any more. */
  readonly beatEveryMs: number
  readonly now: () => Date
  readonly stopping: AbortSignal
}

/** How often storage is asked: what another process committed is heard of as soon as what this one did. */
const LOOK_EVERY_MS = 200
/** More readers than any deployment has processes that listen. */
const MOST_READERS = 64

const POSITION = /^(?<epoch>[\w-]{1,32})\.(?<sequence>\d{1,15})$/

export const formatPosition = ({ epoch, sequence }: Position): string => `${epoch}.${sequence}`

export function parsePosition(text: string): Position | Problem {
  const { epoch, sequence } = POSITION.exec(text)?.groups ?? {}
  if (epoch === undefined || sequence === undefined) return problem('after', '`after` is not a sequence of this stream')
  return { epoch, sequence: Number(sequence) }
}

/**
 * One JSON object a line, for as long as the reader may listen; `?after=` goes on where another connection ended.
 *
 * A `heartbeat` promises that everything committed before it was written stands above it.
 */
export function createChangeStream<E extends { readonly sequence: number }>(
  deps: StreamDeps<E>,
): (ctx: AppContext) => Promise<void> {
  let readers = 0
  return async (ctx) => {
    const { until } = await deps.admit(ctx)
    const asked = ctx.query['after']
    const after = typeof asked === 'string' ? parsePosition(asked) : undefined
    if (isProblem(after) || Array.isArray(asked)) return refuse(400, 'invalid_request', '`after` is not a sequence')
    if (readers >= MOST_READERS) return refuse(503, 'temporarily_unavailable', 'too many readers')
    const position = await (after === undefined ? deps.log.start() : deps.log.resume(after))
    const body = Readable.from(linesFrom(deps, position, until))
    readers += 1
    body.once('close', () => {
      readers -= 1
    })
    ctx.status = 200
    ctx.type = 'application/x-ndjson'
    ctx.set('cache-control', 'no-store')
    ctx.body = body
  }
}

async function* linesFrom<E extends { readonly sequence: number }>(
  { log, membersOf, beatEveryMs, now, stopping }: StreamDeps<E>,
  start: Position,
  until: Date,
): AsyncGenerator<string> {
  let position = start
  let beatAt = Number.NEGATIVE_INFINITY
  while (!stopping.aborted && now() < until) {
    const page = await log.readAfter(position)
    position = page.position
    const { epoch } = position
    const lines = page.entries.map((entry) => {
      const sequence = formatPosition({ epoch, sequence: entry.sequence })
      return line({ ...membersOf(entry, sequence), sequence })
    })
    if (lines.length > 0) yield lines.join('')
    if (page.full) continue
    if (performance.now() - beatAt >= beatEveryMs) {
      beatAt = performance.now()
      yield line({ kind: 'heartbeat', sequence: formatPosition(position) })
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined)
  }
}

const line = (members: Readonly<Record<string, string>>): string => `${JSON.stringify(members)}\n`
