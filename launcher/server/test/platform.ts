import { createServer, type IncomingMessage } from 'node:http'

export const OUS = '993467049'

/** An authorization server and a directory in one, reduced to what the launcher asks of them. */
export async function startPlatform() {
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const say = (status: number, content: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
      const path = (incoming.url ?? '').replace(`/${OUS}`, '')
      if (path === '/token') stub.scopes.push(new URLSearchParams(body).get('scope') ?? '')
      if (path === '/token') return say(200, { access_token: 'held', expires_in: 300, token_type: 'Bearer' })
      if (incoming.headers.authorization === undefined) return say(401, { error: 'invalid_token' })
      if (path === '/launches/apps')
        return say(200, {
          apps: [
            {
              client_id: 'nutrition',
              client_name: 'Ernæring',
              launch_uris: [],
              redirect_uris: [],
              scope: 'launch',
              demo_approved: false,
            },
          ],
        })
      if (path === '/launches' && stub.refusesOffers)
        return say(400, { error: 'invalid_request', error_description: '`patient` is unknown in this trust' })
      if (path === '/launches') {
        stub.offers.push(JSON.parse(body))
        return say(201, { launch: 'handle', start_url: 'http://as.test/start', expires_at: '2030-01-01T00:00:00Z' })
      }
      if (path === '/directory/world')
        return say(200, {
          people: [],
          patients: [],
          citizens: [],
          units: [{ id: 'lok101', name: 'Akuttmottak' }],
          defaults: { user: 'stf101', role: 'agb101', patient: 'cdp1004' },
        })
      if (path === `/explain/${'a'.repeat(32)}`) return say(200, { entries: [] })
      if (path === '/pdp/rules') return say(200, { version: 'v', rules: {} })
      if (path === '/pdp/what-if' || path === '/explain/replay') return say(200, { path, asked: JSON.parse(body) })
      if (path === '/facts/adt') return say(200, { asked: JSON.parse(body), by: incoming.headers.authorization })
      if (path === '/facts/blocks/lift') return response.writeHead(204).end()
      if (path === '/directory/patients/search') return say(200, { patients: [{ id: 'cdp1001' }] })
      return say(404, {})
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the platform has no port')
  const stub = {
    origin: `http://127.0.0.1:${address.port}`,
    offers: [] as Record<string, unknown>[],
    /** What tokens were asked for. */
    scopes: [] as string[],
    refusesOffers: false,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return stub
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}
