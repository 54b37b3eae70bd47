import { expect, test } from '@playwright/test'
import { BACKEND_METADATA } from '../conformance/backend-service.ts'
import { registerClient } from '../conformance/client-kinds.ts'
import { useServer } from '../conformance/running-world.ts'
import { postAs } from '../conformance/tokens.ts'
import { addresses, OUS } from '../lib/addresses.ts'
import { launchApp, registerApp } from '../lib/smart-client.ts'

const server = useServer()
const world = addresses()
const TYPES = ['Patient', 'Encounter', 'Observation']
const SCOPE = TYPES.map((type) => `system/${type}.rs`).join(' ')

/** A backend service with a token, and what it asks with it. */
async function service(scope: string) {
  const { smart, keyServer } = server()
  const kind = { name: 'exporter', method: 'private_key_jwt', algorithm: 'ES384', keys: 'address' } as const
  const client = await registerClient(smart, kind, { scope, keyServer, metadata: BACKEND_METADATA })
  const { status, body } = await postAs(client, smart.token_endpoint, { grant_type: 'client_credentials', scope })
  expect(status).toBe(200)
  return (url: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url, { headers: { authorization: `Bearer ${String(body['access_token'])}`, ...headers } })
}

type Manifest = { readonly output: readonly { readonly type: string; readonly url: string }[] }

test('a backend service exports the seeded data of a trust as NDJSON, and only what its scopes cover', async () => {
  const ask = await service(SCOPE)
  const asynchronous = { prefer: 'respond-async', accept: 'application/fhir+json' }
  const begun = await ask(`${world.fhirBase(OUS)}/$export`, asynchronous)
  expect(begun.status).toBe(202)
  const status = begun.headers.get('content-location') ?? ''
  await expect.poll(async () => (await ask(status)).status, { timeout: 30_000 }).toBe(200)
  const { output } = (await (await ask(status)).json()) as Manifest // Bulk Data Access 2.0.0, "Complete Status"
  expect([...new Set(output.map(({ type }) => type))].toSorted()).toEqual(TYPES.toSorted())
  for (const { type, url } of output) {
    const lines = (await (await ask(url)).text()).trim().split('\n')
    for (const line of lines) expect((JSON.parse(line) as { resourceType: string }).resourceType).toBe(type)
  }
  const [first] = output
  const stranger = await service(SCOPE)
  for (const url of [status, first?.url ?? '']) expect((await stranger(url)).status).toBe(404)
})

test('an app cannot export, whoever uses it', async () => {
  const app = await registerApp(world, OUS, 'launch patient/*.rs')
  const { access_token: token } = await launchApp(world, app, { tenant: OUS, patient: 'cdp1004' })
  for (const path of ['$export', 'Patient/$export'])
    expect(
      (
        await fetch(`${world.fhirBase(OUS)}/${path}`, {
          headers: { authorization: `Bearer ${token}`, prefer: 'respond-async' },
        })
      ).status,
    ).toBe(403)
})
