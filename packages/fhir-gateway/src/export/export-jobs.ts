import { randomBytes } from 'node:crypto'

export type ExportFile = { readonly type: string; readonly count: number; readonly lines: Buffer }

type ExportState =
  | { readonly kind: 'running'; readonly progress: string }
  | { readonly kind: 'done'; readonly files: readonly ExportFile[]; readonly expiresAt: Date }
  | { readonly kind: 'failed'; readonly hint: string; readonly expiresAt: Date }

export type ExportJob = {
  readonly id: string
  /** Whose token may ask for it. */
  readonly holder: string
  /** The address of the kick-off, as the manifest repeats it. */
  readonly request: string
  readonly startedAt: Date
  readonly cancelled: AbortSignal
  state: ExportState
}

const KEPT_MS = 30 * 60_000
const MOST_JOBS = 50
const MOST_RUNNING_A_HOLDER = 2

/**
 * The exports of this process, in memory: a restart forgets them, and the service starts again, as after any expiry.
 *
 * Bounded in number; the bytes of one are bounded by whoever collects them.
 */
export function createExportJobs(options: { readonly now: () => Date }) {
  const jobs = new Map<string, { readonly job: ExportJob; readonly cancel: AbortController }>()

  function forgetExpired(): void {
    const now = options.now()
    for (const [id, { job }] of jobs) if (job.state.kind !== 'running' && job.state.expiresAt <= now) jobs.delete(id)
  }

  return {
    /** A new job, or undefined when there are too many already. */
    begin(holder: string, request: string): ExportJob | undefined {
      forgetExpired()
      const running = [...jobs.values()].filter(({ job }) => job.holder === holder && job.state.kind === 'running')
      if (jobs.size >= MOST_JOBS || running.length >= MOST_RUNNING_A_HOLDER) return undefined
      const cancel = new AbortController()
      const job: ExportJob = {
        id: randomBytes(16).toString('hex'),
        holder,
        request,
        startedAt: options.now(),
        cancelled: cancel.signal,
        state: { kind: 'running', progress: 'begun' },
      }
      jobs.set(job.id, { job, cancel })
      return job
    },
    /** Unknown, expired and somebody else's are all undefined. */
    find(holder: string, id: string): ExportJob | undefined {
      forgetExpired()
      const job = jobs.get(id)?.job
      return job?.holder === holder ? job : undefined
    },
    remove(job: ExportJob): void {
      jobs.get(job.id)?.cancel.abort()
      jobs.delete(job.id)
    },
    expiry: (): Date => new Date(options.now().getTime() + KEPT_MS),
    /** Bytes that finished exports hold. */
    bytes: (): number =>
      [...jobs.values()].reduce(
        (sum, { job }) =>
          job.state.kind === 'done' ? job.state.files.reduce((part, { lines }) => part + lines.length, sum) : sum,
        0,
      ),
    close(): void {
      for (const { cancel } of jobs.values()) cancel.abort()
      jobs.clear()
    },
  }
}
