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
      stf104: [{ id: 'agb104', name: 'Sykepleier' }],
      stf102: [
        { id: 'agb102', name: 'Overlege' },
        { id: 'agb103', name: 'Vaktleder' },
      ],
    },
    patients: ['cdp1001', 'cdp1002', 'cdp1003', 'cdp1004', 'cdp1005', 'cdp1006'],
    encounters: { enc1: 'cdp1001', enc2: 'cdp1002', enc3: 'cdp1001' },
    references: ['ImagingStudy/img1'],
  },
  [AHUS]: {
    users: { stf201: [{ id: 'agb201', name: 'Lege' }] },
    patients: ['cdp2001'],
    encounters: {},
    references: [],
  },
}

export const PASSWORD = 'a-password'
/** Who has whom in their care, by role. */
const CARE: Readonly<Record<string, readonly string[]>> = {
  agb101: ['cdp1001', 'cdp1002'],
  agb102: ['cdp1003'],
  agb103: ['cdp1004', 'cdp1001'],
  agb104: ['cdp1006'],
}
const NAMES: Readonly<Record<string, string>> = { cdp1001: 'Kari Berg', cdp1002: '<b>"Ola" & Lien</b>' }

export type StubHost = {
  readonly origin: string
  readonly key: SigningKey
  /** Questions the directory was asked, without anything about who asked. */
  readonly asked: unknown[]
  readonly down: { value: boolean }
  /** People and roles that are no longer here. */
  readonly left: Set<string>
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

function personOf(people: People, id: string, left: ReadonlySet<string>) {
  if (left.has(id)) return undefined
  const roles = people.users[id]?.filter((role) => !left.has(role.id))
  if (roles !== undefined) return { id, kind: 'staff', username: id, name: `Name of ${id}`, roles }
  return id === 'cdp1005' && people.patients.includes(id)
    ? { id, kind: 'citizen', username: id, name: 'A citizen', roles: [] }
    : undefined
}

const describePatient = (id: string) => ({ id, name: NAMES[id] ?? `Patient ${id}`, birthDate: '1950-01-02' })

function seenBy(people: People, user: string, role: unknown): readonly string[] {
  if (people.users[user] === undefined) return people.patients.filter((patient) => patient === user)
  const roles = people.users[user].filter(({ id }) => role === undefined || id === role)
  return [...new Set(roles.flatMap(({ id }) => CARE[id] ?? []))]
}

/** What a host knows of ids in an access log. */
function namesOf(people: People, asked: Record<string, unknown>) {
  const asList = (name: string) => (Array.isArray(asked[name]) ? asked[name].map(String) : [])
  return {
    staff: asList('users')
      .filter((id) => people.users[id] !== undefined)
      .map((id) => ({
        id,
        family: `Family of ${id}`,
        given: 'Given',
        national_id: '04857949078',
        hpr: '999000101',
        profession: { code: 'LE', text: 'Lege' },
      })),
    roles: asList('roles').map((id) => ({
      id,
      title: `Title of ${id}`,
      department: { id: 'afa1', name: 'Akuttmottak', enh: null, resh: '705592' },
      location: { id: 'loc1', name: 'Mottak', enh: null, resh: null },
    })),
    patients: asList('patients').map((id) => ({ id, family: 'Berg', given: 'Kari' })),
  }
}

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

/** The directory's other questions. Three wrong passwords close a username. */
function createAnswers(left: ReadonlySet<string>) {
  const failures = new Map<string, number>()
  return (people: People, path: string, asked: Record<string, unknown>): Answer | undefined => {
    const [user, username, patient] = [asked['user'], asked['username'], asked['patient']].map(String)
    switch (path) {
      case '/users/verify': {
        const failed = failures.get(username ?? '') ?? 0
        if (failed >= 3) return { status: 429, body: {}, headers: { 'retry-after': '30' } }
        const person = personOf(people, username ?? '', left)
        if (person !== undefined && asked['password'] === PASSWORD) return { status: 200, body: { user: person } }
        failures.set(username ?? '', failed + 1)
        return { status: 401, body: {} }
      }
      case '/log-names':
        return { status: 200, body: namesOf(people, asked) }
      case '/patients/identify':
        return asked['national_id'] === '19854349034'
          ? { status: 200, body: { patient: people.patients[0] } }
          : { status: 404, body: {} }
      case '/users/find': {
        const person = personOf(people, user ?? '', left)
        return person === undefined ? { status: 404, body: {} } : { status: 200, body: { user: person } }
      }
      case '/patients/search': {
        const found = seenBy(people, user ?? '', asked['role']).map(describePatient)
        const text = String(asked['text']).toLowerCase()
        return { status: 200, body: { patients: found.filter(({ name }) => name.toLowerCase().includes(text)) } }
      }
      case '/patients/describe': {
        const encounters = Object.entries(people.encounters).filter(([, whose]) => whose === patient)
        return {
          status: 200,
          body: {
            ...describePatient(patient ?? ''),
            encounters: encounters.map(([id]) => ({ id, class: 'IMP', status: 'in-progress', start: '2026-11-20' })),
          },
        }
      }
      default:
        return undefined
    }
  }
}

/** A host over real HTTP: its key set, and a directory that verifies who asks. */
export async function startStubHost(): Promise<StubHost> {
  const key = await generateSigningKey('ES256')
  const verifiers = new Map<string, ServiceVerifier>()
  const asked: unknown[] = []
  const down = { value: false }
  const left = new Set<string>()
  const answerOther = createAnswers(left)
  const answer = async (req: IncomingMessage): Promise<Answer> => {
    const [, orgnr = '', ...rest] = (req.url ?? '').split('/')
    if (rest.join('/') === 'jwks.json' || orgnr === 'jwks.json') return { status: 200, body: publicJwks([key]) }
    const people = PEOPLE[orgnr]
    if (people === undefined || rest[0] !== 'directory') return { status: 404, body: {} }
    if (down.value) return { status: 500, body: {} }
    await verifiers.get(orgnr)?.verify(req.headers.authorization)
    const question = await readBody(req)
    const other = answerOther(people, `/${rest.slice(1).join('/')}`, question)
    if (other !== undefined) return other
    asked.push(question)
    return { status: 200, body: answerContext(people, question) }
  }
  const server = createServer((req, res) => {
    answer(req).then(
      ({ status, body, headers }) =>
        res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)),
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
    left,
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
