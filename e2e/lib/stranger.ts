import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const FHIRCLIENT = join(
  dirname(createRequire(import.meta.url).resolve('fhirclient/package.json')),
  'build',
  'fhir-client.js',
)

/** What a stranger writes: nothing but fhirclient from its package, and nothing of ours. */
const page = (clientId: string) => `<!doctype html>
<html lang="en">
  <title>A stranger's app</title>
  <script src="fhir-client.js"></script>
  <p id="out">…</p>
  <script>
    const say = (text) => { document.querySelector('#out').textContent = text }
    if (new URLSearchParams(location.search).has('launch')) {
      FHIR.oauth2.authorize({ clientId: '${clientId}', scope: 'launch openid fhirUser patient/Patient.r', redirectUri: 'index.html', pkceMode: 'required' })
    } else {
      FHIR.oauth2.ready()
        .then((client) => client.patient.read())
        .then((patient) => say('Patient ' + patient.name[0].family))
        .catch((error) => say('Refused: ' + error.message))
    }
  </script>
</html>`

export type StrangersApp = {
  readonly origin: string
  adopt(clientId: string): void
  /** While it sleeps its pages are empty: the browser stands on the launch address and nothing has been asked yet. */
  sleep(asleep: boolean): void
  close(): Promise<void>
}

/** Serves the stranger's page on a port of its own, under the loopback name asked for. */
export async function serveStranger(name: 'localhost' | '127.0.0.1' = 'localhost'): Promise<StrangersApp> {
  const held = { clientId: '', asleep: false }
  const server: Server = createServer((request, response) => {
    const script = request.url?.startsWith('/fhir-client.js') === true
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' })
    response.end(script ? readFileSync(FHIRCLIENT) : held.asleep ? '' : page(held.clientId))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the stranger has no port')
  return {
    origin: `http://${name}:${address.port}`,
    adopt: (clientId) => {
      held.clientId = clientId
    },
    sleep: (asleep) => {
      held.asleep = asleep
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
