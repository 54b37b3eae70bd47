import { expect, test } from '@playwright/test'
import smart from 'fhirclient'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { HttpBrowser } from '../lib/http-browser.ts'
import { postJson } from '../lib/smart-client.ts'
import { registerClient } from './client-kinds.ts'
import { runningTarget, useServer } from './running-world.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'
const server = useServer()
const target = runningTarget()

/** A session for one person, kept on the vendor's server. */
function memory() {
  const kept = new Map<string, unknown>()
  return {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => {
      kept.set(key, value)
      return value
    },
    unset: async (key: string) => kept.delete(key),
  }
}

type Credentials = { clientId: string; clientSecret: string }

/** A vendor's server with two addresses, written with fhirclient and nothing of ours. */
async function serveVendor(credentials: Credentials) {
  const storage = memory()
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const api = smart(request, response, storage)
    if (request.url?.startsWith('/launch') === true)
      return api.authorize({ ...credentials, scope: SCOPE, redirectUri: '/redirect', pkceMode: 'required' })
    const client = await api.ready()
    const patient = await client.patient.read()
    const observations = await client.request(`Observation?patient=${String(client.patient.id)}&_count=5`)
    await client.refresh()
    const again = await client.patient.read()
    response.end(
      JSON.stringify({
        patient: patient.id,
        found: observations.resourceType,
        again: again.id,
        user: client.user.fhirUser,
      }),
    )
  }
  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500)
      response.end(error instanceof Error ? error.message : 'the app failed')
    })
  })
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('the vendor has no port')
  return { origin: `http://127.0.0.1:${address.port}`, close: () => http.close() }
}

test('fhirclient in a vendor’s server, confidential: launch, reads, a refresh and a read again', async () => {
  const credentials: Credentials = { clientId: '', clientSecret: '' }
  const vendor = await serveVendor(credentials)
  try {
    const { smart: configuration, keyServer } = server()
    const kind = { name: 'fhirclient on a server', method: 'client_secret_basic' } as const
    const options = { scope: SCOPE, keyServer, origin: vendor.origin }
    const { clientId, clientSecret = '' } = await registerClient(configuration, kind, options)
    Object.assign(credentials, { clientId, clientSecret })
    const { body } = await postJson(`${target.launcher}/api/launches`, { tenant: target.tenant, client_id: clientId })
    const browser = new HttpBrowser()
    let step = await browser.get(String(body['start_url']))
    for (let hop = 0; hop < 8 && step.location !== undefined; hop += 1)
      step = await browser.get(new URL(step.location, step.url).href)
    const told = JSON.parse(step.body) as Readonly<Record<string, unknown>>
    expect(told['found']).toBe('Bundle')
    expect(told['again']).toBe(told['patient'])
    expect(String(told['user'])).toContain('Practitioner/')
  } finally {
    vendor.close()
  }
})
