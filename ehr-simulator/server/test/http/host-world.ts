import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { generateSigningKey, publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import { type Listening, listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import type { Database } from '@uthopp/storage/database'
import { openDatabase } from '@uthopp/storage/open'
import { createHost, type Host } from '#src/http/host-app.ts'

export const OUS = '993467049'
export const AHUS = '983971636'

/** A whole host on its own port, and the keys of the processes that call it, published where it looks for them. */
export type HostWorld = {
  readonly host: Host
  readonly address: string
  readonly deployment: Deployment
  readonly database: Database
  readonly logLines: string[]
  /** An `Authorization` value as the gateway makes it, for the FHIR door of a trust or its imaging door. */
  readonly asGateway: (orgnr?: string, door?: 'fhir' | 'dicomweb') => Promise<string>
  /** As a trust's authorization server makes it, for that trust's directory. */
  readonly asAuthorizationServer: (orgnr?: string, scope?: string) => Promise<string>
  /** Any token a hostile or confused caller might make with the gateway's real key, or with one nobody knows. */
  readonly forge: (options: {
    issuer: string
    audience: string
    scope?: string
    key?: SigningKey
    now?: Date
  }) => Promise<string>
  readonly close: () => Promise<void>
}

export async function startHostWorld(
  options: { readonly world?: 'demo' | 'production'; readonly now?: () => Date } = {},
): Promise<HostWorld> {
  const now = options.now ?? (() => new Date())
  const key = await generateSigningKey('ES256')
  const keys = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(publicJwks([key])))
  })
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
  const others = `http://127.0.0.1:${(keys.address() as AddressInfo).port}` // listening on a port, not a pipe

  // The host must know its own address before it is made; a port let go of meanwhile might be taken by another test.
  let handler: RequestListener = (_request, response) => response.writeHead(503).end()
  const server: Listening = await listen((request, response) => handler(request, response), { port: 0, name: 'host' })
  const address = `http://127.0.0.1:${server.port}`
  const demo = parseDeployment({
    world: 'demo',
    addresses: { launcher: `${others}/launcher`, host: address, auth: `${others}/auth`, gateway: `${others}/gateway` },
    hostOrigins: [address],
    trusts: [
      {
        orgnr: OUS,
        name: 'Oslo universitetssykehus HF',
        shortName: 'OUS',
        registers: [{ issuer: `${others}/pas`, jwksUri: `${others}/pas/jwks` }],
      },
      { orgnr: AHUS, name: 'Akershus universitetssykehus HF', shortName: 'Ahus' },
    ],
    apps: [],
  })
  // Production addresses must be https, which no test serves; everything else about that world is the same.
  const deployment: Deployment = { ...demo, world: options.world ?? 'demo' }
  const logLines: string[] = []
  const database = await openDatabase({ name: 'host', storage: 'memory', data: undefined, databaseUrl: undefined })
  const host = await createHost({
    deployment,
    database,
    fhirFile: () => ':memory:',
    now,
    log: createLog({ name: 'host', level: 'info', write: (line) => logLines.push(line) }),
    metrics: createMetrics({ name: 'host' }),
    siteDir: '/nonexistent',
  })
  handler = host.app.handler

  const forge: HostWorld['forge'] = ({ issuer, audience, scope, key: other, now: at }) =>
    createServiceSigner({ key: other ?? key, issuer, now: at ? () => at : now }).bearer(audience, scope)
  return {
    host,
    address,
    deployment,
    database,
    logLines,
    asGateway: (orgnr = OUS, door = 'fhir') =>
      forge({ issuer: `${others}/gateway`, audience: `${address}/${orgnr}/${door}` }),
    asAuthorizationServer: (orgnr = OUS, scope = '__directory') =>
      forge({ issuer: `${others}/auth/${orgnr}`, audience: `${address}/${orgnr}/directory`, scope }),
    forge,
    close: async () => {
      await server.close()
      await host.close()
      await new Promise((resolve) => keys.close(resolve))
    },
  }
}
