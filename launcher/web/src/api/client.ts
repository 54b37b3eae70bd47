import type { Replay, Rules, TraceEntry, WhatIfAnswer } from './decisions.ts'
import type { World } from './world.ts'

/** What the launcher's server refused, in its own words. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly correlationId: string | undefined
  readonly status: number | undefined

  constructor(message: string, correlationId: string | undefined, status?: number) {
    super(message)
    this.correlationId = correlationId
    this.status = status
  }
}

export type OfferedLaunch = {
  readonly iss: string
  readonly launch: string
  readonly start_url: string
  /** Everything the launch comes to is explained under this. */
  readonly correlationId: string
}
export type Registration = { readonly client_id: string; readonly client_secret?: string }

export const fetchWorld = (): Promise<World> => call<World>('/api/world')

export async function offerLaunch(body: unknown): Promise<OfferedLaunch> {
  const { content, correlationId } = await ask('/api/launches', body)
  return { ...(content as Omit<OfferedLaunch, 'correlationId'>), correlationId } // as above
}

export const registerApp = (tenant: string, metadata: unknown): Promise<Registration> =>
  call<Registration>('/api/registrations', { tenant, metadata })

/** What was written down since the click with this correlation id; nothing while it is still on its way. */
export const fetchTrace = (tenant: string, correlationId: string): Promise<readonly TraceEntry[]> =>
  call<{ readonly entries: readonly TraceEntry[] }>(
    `/api/launches/${correlationId}/trace?${new URLSearchParams({ tenant }).toString()}`,
  ).then(
    ({ entries }) => entries,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return []
      throw error
    },
  )

export const fetchRules = (tenant: string): Promise<Rules> =>
  call<Rules>(`/api/rules?${new URLSearchParams({ tenant }).toString()}`)

export const askWhatIf = (body: unknown): Promise<WhatIfAnswer> => call<WhatIfAnswer>('/api/what-if', body)

export const replayDecisions = (body: unknown): Promise<Replay> => call<Replay>('/api/replay', body)

/** Our own server's answer, tested there against the same shape. */
const call = async <T>(path: string, body?: unknown): Promise<T> => (await ask(path, body)).content as T

async function ask(
  path: string,
  body?: unknown,
): Promise<{ readonly content: unknown; readonly correlationId: string }> {
  const request: RequestInit =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(path, request)
  const content: unknown = await answer.json().catch(() => undefined)
  const correlationId = answer.headers.get('x-correlation-id') ?? ''
  if (answer.ok) return { content, correlationId }
  const refusal = isRefusal(content) ? content : undefined
  throw new ApiProblem(
    refusal?.error_description ?? `the launcher answered ${answer.status}`,
    refusal?.correlation_id,
    answer.status,
  )
}

type Refusal = { readonly error_description?: string; readonly correlation_id?: string }

const isRefusal = (content: unknown): content is Refusal =>
  typeof content === 'object' && content !== null && 'error' in content
