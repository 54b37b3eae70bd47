import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createServer, type Server } from 'node:tls'
import { demoDeployment } from '../../scripts/demo-deployment.ts'
import { freePorts } from '../../scripts/demo-ports.ts'
import { type Certificate, certificateForLoopback } from './certificate.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const READY_WITHIN_MS = 40_000
const PROCESSES = {
  auth: 'auth-server/src/main.ts',
  host: 'ehr-simulator/server/src/main.ts',
  gateway: 'packages/fhir-gateway/src/main.ts',
  launcher: 'launcher/server/src/main.ts',
} as const
type ProcessName = keyof typeof PROCESSES
const NAMES = ['auth', 'host', 'gateway', 'launcher'] as const satisfies readonly ProcessName[]

/** The launcher is a developer's tool on loopback and answers under its own port only; it stays plain. */
const BEHIND_TLS = ['auth', 'host', 'gateway'] as const satisfies readonly ProcessName[]

/** Takes TLS off in front of one process, as a hospital's proxy does. */
async function terminate(certificate: Certificate, from: number, to: number): Promise<Server> {
  const server = createServer({ ...certificate, minVersion: 'TLSv1.2' }, (secure) => {
    const plain = connect(to, '127.0.0.1')
    secure.pipe(plain).pipe(secure)
    secure.on('error', () => plain.destroy())
    plain.on('error', () => secure.destroy())
  })
  await new Promise<void>((ready) => server.listen(from, 'localhost', ready))
  return server
}

export type TlsWorld = {
  readonly addresses: Readonly<Record<ProcessName, string>>
  readonly certificate: Certificate
  /** What a process needs in its environment to trust the certificate. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** A world of its own whose servers are https by every address; their processes stand on loopback ports behind it. */
export async function startTlsWorld(): Promise<TlsWorld> {
  const ports = await freePorts()
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-tls-'))
  const certificate = certificateForLoopback(new Date())
  const authority = join(folder, 'certificate.pem')
  const deployment = join(folder, 'deployment.json')
  const environment = { NODE_EXTRA_CA_CERTS: authority }
  const addresses = {
    auth: `https://localhost:${ports.auth}`,
    host: `https://localhost:${ports.host}`,
    gateway: `https://localhost:${ports.gateway}`,
    launcher: `http://localhost:${ports.launcher}`,
  }
  const demo = demoDeployment(ports) as object // the deployment file is an object; its parser has the last word
  writeFileSync(authority, certificate.cert)
  writeFileSync(deployment, JSON.stringify({ ...demo, addresses, hostOrigins: [addresses.host] }))

  const behind = (name: ProcessName): number =>
    name === 'launcher' ? ports.launcher : (ports.apps[NAMES.indexOf(name)] ?? 0)
  const fronts = await Promise.all(BEHIND_TLS.map((name) => terminate(certificate, ports[name], behind(name))))
  const children = NAMES.map((name) =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, PROCESSES[name])], {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...environment,
        PORT: String(behind(name)),
        UTHOPP_DEPLOYMENT: deployment,
        UTHOPP_DATA: folder,
        UTHOPP_STORAGE: 'memory',
      },
    }),
  )
  const stop = async () => {
    await Promise.all(children.map((child) => end(child)))
    for (const front of fronts) front.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(NAMES.map((name) => untilReady(name, behind(name))))
  } catch (error) {
    await stop()
    throw error
  }
  return { addresses, certificate, environment, stop }
}

async function untilReady(name: ProcessName, port: number): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    if (answer?.ok === true) return
    await setTimeout(100)
  }
  throw new Error(`${name} behind TLS was not ready in time`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await gone
}
