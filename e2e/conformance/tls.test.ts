import { expect, test } from '@playwright/test'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { connect, type SecureVersion } from 'node:tls'
import { OUS } from '../lib/addresses.ts'
import { startTlsWorld, type TlsWorld } from './tls-world.ts'

const RUN = join(import.meta.dirname, 'run.ts')
let world: TlsWorld

test.beforeAll(async () => {
  world = await startTlsWorld()
})
test.afterAll(() => world.stop())

/** A request over TLS by a client that verifies the certificate; answers the body. */
function ask(address: string, version?: SecureVersion): Promise<string> {
  const { hostname, port, pathname } = new URL(address)
  return new Promise((resolve, reject) => {
    const trusted = { host: hostname, servername: hostname, port: Number(port), ca: world.certificate.cert }
    const only = version === undefined ? {} : { minVersion: version, maxVersion: version }
    const socket = connect({ ...trusted, ...only, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
      socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: close\r\n\r\n`)
    })
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('end', () => resolve(text))
  })
}

test('every client kind goes from registration to revocation over TLS, certificates verified on every side', async () => {
  const child = spawn(
    process.execPath,
    [RUN, '--fhir', `${world.addresses.gateway}/${OUS}/fhir`, '--launcher', world.addresses.launcher],
    { env: { ...process.env, ...world.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let told = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      told += chunk.toString()
    })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect([code, told.match(/REFUSED|not tried/g)]).toEqual([0, null])
  expect(told).toMatch(/EHR: public +\| ok/)
})

test('behind TLS every address of discovery is absolute https', async () => {
  for (const address of [
    `${world.addresses.gateway}/${OUS}/fhir/.well-known/smart-configuration`,
    `${world.addresses.auth}/${OUS}/.well-known/openid-configuration`,
  ]) {
    const body = (await ask(address)).split('\r\n\r\n').slice(1).join('')
    const found = JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)) as Readonly<
      Record<string, unknown>
    >
    const named = Object.entries(found).filter(([name]) => /_endpoint$|_uri$|^issuer$|_bundle$/.test(name))
    expect(named.length).toBeGreaterThanOrEqual(6)
    for (const [name, value] of named) expect([name, String(value).startsWith('https://')]).toEqual([name, true])
  }
})

test('nothing older than TLS 1.2 is spoken where people and apps come in', async () => {
  for (const address of [
    `${world.addresses.auth}/${OUS}/auth`,
    `${world.addresses.auth}/${OUS}/token`,
    `${world.addresses.auth}/${OUS}/introspect`,
    `${world.addresses.gateway}/${OUS}/fhir/metadata`,
  ]) {
    for (const version of ['TLSv1', 'TLSv1.1'] as const)
      await expect(ask(address, version)).rejects.toThrow(/alert protocol version/)
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) expect(await ask(address, version)).toMatch(/^HTTP\/1\.1 /)
  }
})
