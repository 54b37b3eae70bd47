import { setTimeout as sleep } from 'node:timers/promises'
import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import { createRepository } from '@uthopp/audit/repository'
import { formatRecord } from '@uthopp/audit/wire'
import { tenantOf } from '@uthopp/storage/tenant'
import { OUS } from '#test/support/stub-host.ts'
import { ASSERTION_TYPE, json, postForm, signAssertion, type World } from '#test/support/world.ts'

export async function processToken(
  world: World,
  scope: string,
  as: 'host' | 'gateway' = 'host',
  orgnr = OUS,
): Promise<string> {
  const issuer = world.issuer(orgnr)
  const answer = await postForm(`${issuer}/token`, {
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await signAssertion({ clientId: as, audience: `${issuer}/token`, key: world[as].key }),
  })
  return String((await json(answer))['access_token'])
}

export const aRecord = (given: Partial<AuditRecord> = {}): AuditRecord => ({
  ...newRecord({
    tenant: OUS,
    at: new Date('2026-11-20T08:00:00.000Z'),
    activity: 'fhir-access',
    actor: { kind: 'clinician', id: 'stf101', role: 'agb101' },
    correlationId: 'c'.repeat(32),
    source: 'host',
    clientId: 'nutrition',
    patient: 'cdp1001',
    purpose: 'TREAT',
    decision: { id: 'dec-1', template: 'BELEGG', userSelected: false },
    what: { interaction: 'read', type: 'Observation', ids: ['Observation/o1'], count: 1, query: null },
  }),
  ...given,
})

export async function write(
  world: World,
  /** Records, or a body of another make. */
  records: unknown,
  options: { readonly token?: string; readonly orgnr?: string; readonly as?: 'host' | 'gateway' } = {},
): Promise<Response> {
  const { orgnr = OUS, as = 'host' } = options
  const token = options.token ?? (await processToken(world, '__audit.write', as, orgnr))
  const body = Array.isArray(records)
    ? { records: records.map((record: AuditRecord) => formatRecord(record)) }
    : records
  return fetch(`${world.issuer(orgnr)}/audit/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Reads the log past its doors, once what a test waits for has travelled there. */
export async function logged(
  world: World,
  holds: (records: readonly AuditRecord[]) => boolean,
  orgnr = OUS,
): Promise<readonly AuditRecord[]> {
  const repository = createRepository(world.db, tenantOf(orgnr))
  const deadline = performance.now() + 30_000
  for (;;) {
    const { records } = await repository.search({ newestFirst: false, count: 1000 })
    if (holds(records)) return records
    if (performance.now() > deadline)
      throw new Error(`not in the log: ${records.map(({ activity }) => activity).join()}`)
    await sleep(20)
  }
}
