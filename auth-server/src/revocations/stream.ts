import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { RequireReader } from './reader-auth.ts'
import type { Page, Position, RevocationLog } from './revocations.ts'

/** How often storage is asked: what another process committed is heard of as soon as what this one did. */
const LOOK_EVERY_MS = 200
/** Well inside the four seconds of silence after which a reader trusts nothing any more (contracts §5). */
const BEAT_EVERY_MS = 1000
/** More readers than any deployment has gateways and hubs. */
const MOST_READERS = 64

const POSITION = /^(?<epoch>[\w-]{1,32})\.(?<sequence>\d{1,15})$/

const formatPosition = ({ epoch, sequence }: Position): string => `${epoch}.${sequence}`

function parsePosition(text: string): Position | Problem {
  const { epoch, sequence } = POSITION.exec(text)?.groups ?? {}
  if (epoch === undefined || sequence === undefined) return problem('after', '`after` is not a sequence of this stream')
  return { epoch, sequence: Number(sequence) }
}

type StreamDeps = {
  readonly requireReader: RequireReader
  readonly revocations: RevocationLog
  readonly now: () => Date
  readonly stopping: AbortSignal
}

/**
 * `GET <issuer>/revocations`: one JSON object a line, for as long as the reader's token lives.
 *
 * First comes everything still kept, or everything after the sequence the reader names; then what dies, as it dies. A
 * `heartbeat` promises that everything committed before it was written stands above it; the first one ends the snapshot.
 */
export function createRevocationStream(deps: StreamDeps): (ctx: AppContext) => Promise<void> {
  let readers = 0
  return async (ctx) => {
    const { until } = await deps.requireReader(ctx)
    const asked = ctx.query['after']
    const after = typeof asked === 'string' ? parsePosition(asked) : undefined
    if (isProblem(after) || Array.isArray(asked)) return refuse(400, 'invalid_request', '`after` is not a sequence')
    if (readers >= MOST_READERS) return refuse(503, 'temporarily_unavailable', 'too many readers')
    const known = after === undefined ? undefined : await deps.revocations.resume(after)
    const position = known ?? (await deps.revocations.start())
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

async function* linesFrom(deps: StreamDeps, start: Position, until: Date): AsyncGenerator<string> {
  let position = start
  let beatAt = Number.NEGATIVE_INFINITY
  while (!deps.stopping.aborted && deps.now() < until) {
    const page = await deps.revocations.readAfter(position)
    position = page.position
    if (page.revocations.length > 0) yield linesOf(page)
    if (page.full) continue
    if (performance.now() - beatAt >= BEAT_EVERY_MS) {
      beatAt = performance.now()
      yield line({ kind: 'heartbeat', sequence: formatPosition(position) })
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: deps.stopping }).catch(() => undefined)
  }
}

const linesOf = ({ revocations, position: { epoch } }: Page): string =>
  revocations
    .map(({ kind, id, at, sequence }) =>
      line({ kind, id, at: at.toISOString(), sequence: formatPosition({ epoch, sequence }) }),
    )
    .join('')

const line = (members: Readonly<Record<string, string>>): string => `${JSON.stringify(members)}\n`
