import assert from 'node:assert/strict'
import type { OperationOutcome } from '@medplum/fhirtypes'
import { type HostWorld, OUS } from './host-world.ts'

export type Asked = {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly orgnr?: string
  readonly as?: string | null
}

/** Asks the FHIR door of a trust as the gateway does, unless told who else asks (`null`: nobody). */
export const askFhir =
  (world: HostWorld) =>
  async (path: string, { method = 'GET', body, headers = {}, orgnr = OUS, as }: Asked = {}): Promise<Response> => {
    const authorization = as === null ? {} : { authorization: as ?? (await world.asGateway(orgnr)) }
    const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/fhir+json' }
    return fetch(`${world.address}/${orgnr}/fhir${path}`, {
      method,
      ...content,
      headers: { ...type, ...authorization, ...headers },
    })
  }

/** What the door answers a refusal with. */
export const outcomeOf = async (answer: Response) => (await answer.json()) as OperationOutcome

/** Whatever was asked of the door, its log says what kind of thing it was and never about whom. */
export function assertLogTellsNobody({ logLines }: HostWorld): void {
  const log = logLines.join('')
  for (const secret of ['Hansen', 'hansen', '24895949457', 'cdp1004', 'eyJ', 'uthopp-demo', 'nordmann'])
    assert.ok(!log.includes(secret), secret)
  assert.ok(log.includes('/:orgnr/fhir/:type/:id'))
}
