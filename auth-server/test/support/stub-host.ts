import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateSigningKey, publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import { Refusal } from '@uthopp/server-kit/refusal'
import { createServiceVerifier, type ServiceVerifier } from '@uthopp/server-kit/service-token'

export const OUS = '993467049'
export const AHUS = '983971636'

type People = {
  readonly users: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>
  readonly patients: readonly string[]
  readonly encounters: Readonly<Record<string, string>>
  readonly references: readonly string[]
}

/** Enough of two trusts to be right and wrong about. */
export const PEOPLE: Readonly<Record<string, People>> = {
  [OUS]: {
    users: {
      stf101: [{ id: 'agb101', name: 'Akuttlege' }],
      stf102: [
        { id: 'agb102', name: 'Overlege' },
        { id: 'agb103', name: 'Vaktleder' },
      ],
    },
    patients: ['cdp1001', 'cdp1002', 'cdp1003', 'cdp1004', 'cdp1005', 'cdp1006'],
    encounters: { enc1: 'cdp1001', enc2: 'cdp1002' },
    references: ['ImagingStudy/img1'],
  },
  [AHUS]: {
    users: { stf201: [{ id: 'agb201', name: 'Lege' }] },
    patients: ['cdp2001'],
    encounters: {},
    references: [],
  },
}

export type StubHost = {
  readonly origin: string
  readonly key: SigningKey
  /** Questions the directory was asked, without anything about who asked. */
  readonly asked: unknown[]
  readonly down: { value: boolean }
  readonly expectIssuer: (orgnr: string, issuer: string) => void
  readonly close: () => Promise<void>
}

async function readBody(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown> // the server under test wrote it
}

function answerContext(people: People, asked: Record<string, unknown>) {
  const roles = people.users[String(asked['user'])]
  const references = (asked['references'] as readonly string[] | undefined) ?? []
  return {
    user: roles !== undefined,
    role: asked['role'] === undefined ? null : (roles?.some((role) => role.id === asked['role']) ?? false),
    patient: asked['patient'] === undefined ? null : people.patients.some((patient) => patient === asked['patient']),
    encounter:
      asked['encounter'] === undefined
        ? null
        : Object.entries(people.encounters).some(
            ([encounter, patient]) => encounter === asked['encounter'] && patient === asked['patient'],
          ),
    references: Object.fromEntries(references.map((reference) => [reference, people.references.includes(reference)])),
    roles: roles ?? [],
  }
}

/** A host over real HTTP: its key set, and a directory that verifies who asks. */
export async function startStubHost(): Promise<StubHost> {
  const key = await generateSigningKey('ES256')
  const verifiers = new Map<string, ServiceVerifier>()
  const asked: unknown[] = []
  const down = { value: false }
  const answer = async (req: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const [, orgnr = '', ...rest] = (req.url ?? '').split('/')
    if (rest.join('/') === 'jwks.json' || orgnr === 'jwks.json') return { status: 200, body: publicJwks([key]) }
    const people = PEOPLE[orgnr]
    if (people === undefined || rest.join('/') !== 'directory/context/check') return { status: 404, body: {} }
    if (down.value) return { status: 500, body: {} }
    await verifiers.get(orgnr)?.verify(req.headers.authorization)
    const question = await readBody(req)
    asked.push(question)
    return { status: 200, body: answerContext(people, question) }
  }
  const server = createServer((req, res) => {
    answer(req).then(
      ({ status, body }) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => res.writeHead(error instanceof Refusal ? error.status : 500).end('{}'),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve)
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
  return {
    origin,
    key,
    asked,
    down,
    expectIssuer(orgnr, issuer) {
      const audience = `${origin}/${orgnr}/directory`
      verifiers.set(
        orgnr,
        createServiceVerifier({ issuers: [{ issuer, jwksUrl: `${issuer}/jwks` }], audience, scope: '__directory' }),
      )
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
