import type { World } from './world.ts'

/** What the launcher's server refused, in its own words. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly correlationId: string | undefined

  constructor(message: string, correlationId: string | undefined) {
    super(message)
    this.correlationId = correlationId
  }
}

export type OfferedLaunch = { readonly iss: string; readonly launch: string; readonly start_url: string }
export type Registration = { readonly client_id: string; readonly client_secret?: string }

export const fetchWorld = (): Promise<World> => call<World>('/api/world')

export const offerLaunch = (body: unknown): Promise<OfferedLaunch> => call<OfferedLaunch>('/api/launches', body)

export const registerApp = (tenant: string, metadata: unknown): Promise<Registration> =>
  call<Registration>('/api/registrations', { tenant, metadata })

async function call<T>(path: string, body?: unknown): Promise<T> {
  const request: RequestInit =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(path, request)
  const content: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return content as T // our own server's answer, tested there against the same shape
  const refusal = isRefusal(content) ? content : undefined
  throw new ApiProblem(refusal?.error_description ?? `the launcher answered ${answer.status}`, refusal?.correlation_id)
}

type Refusal = { readonly error_description?: string; readonly correlation_id?: string }

const isRefusal = (content: unknown): content is Refusal =>
  typeof content === 'object' && content !== null && 'error' in content
