import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CaseFacts } from '@uthopp/policy/facts'
import { publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import { createServiceVerifier } from '@uthopp/server-kit/service-token'

/** A host that tells what it knows of people and patients, and when that changes. */
export type FactsStub = {
  readonly origin: string
  /** What is known, by the person asked about (`null` for services); undefined: an unknown person. */
  knows: (user: string | null) => CaseFacts | undefined
  /** Milliseconds before an answer. */
  delayMs: number
  status: number
  /** How often it was asked about people whom a test knows. */
  asked: number
  /** How often it was asked about a `stranger-…`, whom it never knows. */
  strangersAsked: number
  beating: boolean
  change(kind: 'patient' | 'user', id: string): void
  trust(key: SigningKey): void
  close(): Promise<void>
}

const BEAT_MS = 100

export async function startFacts(gateway: string, now: () => Date): Promise<FactsStub> {
  const readers = new Set<ServerResponse>()
  let sequence = 0
  let key: SigningKey | undefined
  const verifiers = new Map<string, ReturnType<typeof createServiceVerifier>>()
  const verifierOf = (orgnr: string) => {
    const known =
      verifiers.get(orgnr) ??
      createServiceVerifier({
        issuers: key === undefined ? [] : [{ issuer: gateway, jwks: publicJwks([key]) }],
        audience: `${stub.origin}/${orgnr}/facts`,
        scope: '__facts.read',
        now,
      })
    verifiers.set(orgnr, known)
    return known
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [, orgnr = '', , what = ''] = new URL(req.url ?? '/', 'http://stub').pathname.split('/')
    await verifierOf(orgnr).verify(req.headers.authorization)
    if (what === 'changes') {
      res.writeHead(200, { 'content-type': 'application/x-ndjson' })
      readers.add(res)
      res.once('close', () => readers.delete(res))
      if (stub.beating) res.write(beat())
      else res.flushHeaders()
      return
    }
    const pieces: Buffer[] = []
    for await (const piece of req) pieces.push(Buffer.from(piece as Uint8Array))
    const { user, patients } = JSON.parse(Buffer.concat(pieces).toString('utf8')) as {
      user: string | null
      patients: string[]
    }
    const stranger = user?.startsWith('stranger-') === true
    stub[stranger ? 'strangersAsked' : 'asked'] += 1
    const facts = stranger ? undefined : stub.knows(user)
    await new Promise((later) => setTimeout(later, stub.delayMs))
    res.writeHead(facts === undefined ? 404 : stub.status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(facts === undefined ? { error: 'unknown_user' } : formatFacts(facts, patients, now())))
  }

  const beat = () => `${JSON.stringify({ kind: 'heartbeat', sequence: `stub.${sequence}` })}\n`
  const server = http.createServer((req, res) => {
    answer(req, res).catch(() => res.writeHead(401).end('{}'))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const timer = setInterval(() => {
    if (stub.beating) for (const reader of readers) reader.write(beat())
  }, BEAT_MS)
  const stub: FactsStub = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has an address
    knows: () => undefined,
    delayMs: 0,
    status: 200,
    asked: 0,
    strangersAsked: 0,
    beating: true,
    change(kind, id) {
      sequence += 1
      const line = JSON.stringify({ kind, id, epoch: `stub.${sequence}`, sequence: `stub.${sequence}` })
      for (const reader of readers) reader.write(`${line}\n`)
    },
    trust: (known) => {
      key = known
      verifiers.clear()
    },
    async close() {
      clearInterval(timer)
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return stub
}

const formatFacts = ({ person, patients }: CaseFacts, asked: readonly string[], at: Date): object => ({
  at: at.toISOString(),
  user: person && {
    id: person.user,
    kind: person.kind,
    employed: person.employed,
    licence: person.licence,
    role: person.role,
  },
  patients: [...patients.values()]
    .filter(({ patient }) => asked.includes(patient))
    .map((facts) => ({
      patient: facts.patient,
      epoch: facts.epoch,
      in_care_team: facts.inCareTeam,
      contact_units: facts.contactUnits,
      self: facts.self,
      decisions: facts.decisions.map((one) => ({
        id: one.id,
        template: one.template,
        family: one.family,
        patient: one.patient,
        purpose: one.purpose,
        valid_from: one.validFrom.toISOString(),
        ...(one.validUntil === null ? {} : { valid_until: one.validUntil.toISOString() }),
        elements: one.elements,
        items: one.items,
        user_selected: one.userSelected,
        self_selected: one.selfSelected,
      })),
      blocks: facts.blocks,
    })),
})
