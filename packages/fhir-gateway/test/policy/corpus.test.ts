import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CORPUS_TIME, corpus, type CorpusCase, toAsk } from '@uthopp/policy/corpus'
import type { Ask } from '@uthopp/policy/decision-point'
import { isResourceType } from '@uthopp/smart-core/fhir/resource-types'
import { type FactsStub, startFacts } from '../facts-stub.ts'
import { type Answer, type Loose, OUS, OUTSIDE, startWorld, type World } from '../world.ts'
import { takenIn } from './taken-in.ts'

type DataAsk = Ask & { readonly question: Extract<Ask['question'], { readonly resource: unknown }> }

const isAboutData = (ask: Ask): ask is DataAsk => 'resource' in ask.question

/** What cannot be asked at this gateway, and why. */
function whyNot({ circumstance, question: { resource, action } }: DataAsk, { expect }: CorpusCase): string | undefined {
  if (circumstance.clientId === 'host') return 'the host’s own chart has no token for a gateway'
  if (circumstance.tenant !== OUS) return 'another trust has another base'
  if (!isResourceType(resource.type)) return 'no such type in FHIR R4'
  if (resource.id === null && action !== 'create') return 'about a type, which is asked beside its resources'
  if (circumstance.zone === 'external' && circumstance.senderConstrained && expect.effect === 'permit')
    return 'this gateway takes bearer tokens only'
  return undefined
}

const cases = corpus.flatMap((row) => {
  const { ask, facts } = toAsk(row)
  return isAboutData(ask) && whyNot(ask, row) === undefined ? [{ row, ask, facts }] : []
})

describe('the corpus of decisions', () => {
  let world: World
  let facts: FactsStub
  const now = () => CORPUS_TIME
  // Every step of time is over when it is looked for: what shows nothing need not be waited for here.
  let moment = 0
  const timing = { now: () => (moment += 1000), sleep: async () => undefined }
  before(async () => {
    facts = await startFacts(OUTSIDE, now)
    world = await startWorld({ stage: 'enforce', facts, now, timing })
  })
  after(async () => {
    await world.close()
    await facts.close()
  })

  test('has enough that can be asked here', () => {
    assert.ok(cases.length >= 150, `${cases.length} cases`)
  })

  for (const { row, ask, facts: known } of cases) {
    const { resource, action } = ask.question
    test(`${row.id}: ${row.expect.effect} (${row.expect.reason}), by JWT and by opaque token`, async () => {
      facts.knows = () => (known.person === null && ask.subject.kind !== 'client' ? undefined : known)
      facts.change('user', ask.subject.id)
      for (const patient of new Set([resource.patient, ...known.patients.keys()]))
        if (patient !== null) facts.change('patient', patient)
      await takenIn(world, facts)
      const stored = resourceOf(ask)
      const seen: unknown[] = []
      for (const kind of ['jwt', 'opaque'] as const) {
        if (resource.id !== null) world.upstream.put(stored)
        const token = await tokenOf(kind, ask)
        const answer = await request(action, token, stored)
        assert.equal(answer.status === 503, row.expect.reason === 'facts-contradictory', answer.text)
        const opened = answer.status < 300 && (action !== 'search' || (answer.json.entry ?? []).length > 0)
        assert.equal(opened ? 'permit' : 'deny', row.expect.effect, `${answer.status} ${answer.text}`)
        const codes: Loose[] = answer.json?.issue?.[0].details?.coding ?? []
        // Towards whom the token is, not towards whom it asks about: that would tell whose a resource is.
        const isOwn = resource.patient === ask.circumstance.launchPatient
        // A host tells nobody of decisions about others, so here they look like decisions that are over.
        const told = codes[0]?.code === 'decision-expired' ? 'decision-foreign' : codes[0]?.code
        const expected = row.expect.reason === 'decision-expired' ? 'decision-foreign' : row.expect.reason
        if (answer.status === 403 && codes.length > 0 && isOwn) assert.equal(told, expected)
        if (row.expect.reason === 'blocked-by-patient' && action === 'read') assert.equal(answer.status, 404)
        seen.push([answer.status, answer.text.replaceAll(/[\da-f]{32}|"\d+"|new\d+/g, '')])
      }
      assert.deepEqual(seen[0], seen[1], 'the two kinds of token are answered alike')
      world.upstream.remove(resource.type, stored.id)
    })
  }

  async function tokenOf(kind: 'jwt' | 'opaque', { subject, circumstance, question }: DataAsk): Promise<string> {
    const level = subject.kind === 'client' ? 'system' : circumstance.launchBound ? 'patient' : 'user'
    const service = subject.kind === 'client'
    const claims = {
      sub: service ? circumstance.clientId : subject.id,
      client_id: circumstance.clientId,
      scope: circumstance.grants.map((grant) => `${level}/${grant}`).join(' '),
      patient: service ? undefined : (circumstance.launchPatient ?? undefined),
      grant_id: service ? undefined : crypto.randomUUID(),
      ...(service ? { client_id: `${circumstance.clientId}-${crypto.randomUUID()}` } : {}),
    }
    const grant = {
      user_kind: subject.kind,
      role: subject.role,
      decision: circumstance.decision,
      purpose: circumstance.purpose,
      acr: circumstance.acr,
      zone: circumstance.zone,
      may_write: circumstance.mayWrite,
    }
    assert.ok(question.resource.type)
    return kind === 'jwt' ? world.token(claims, { grant }) : world.opaque(claims, grant)
  }

  function request(action: DataAsk['question']['action'], token: string, stored: Loose): Promise<Answer> {
    const { resourceType: type, id } = stored
    const body = (resource: object) => ({
      body: JSON.stringify(resource),
      headers: { 'content-type': 'application/fhir+json' },
    })
    switch (action) {
      case 'read':
        return world.fhir(`${type}/${id}`, token)
      case 'search':
        return world.fhir(`${type}?_id=${id}`, token)
      case 'create':
        return world.fhir(type, token, { method: 'POST', ...body({ ...stored, id: undefined }) })
      case 'update':
        return world.fhir(`${type}/${id}`, token, { method: 'PUT', ...body(stored) })
      case 'delete':
        return world.fhir(`${type}/${id}`, token, { method: 'DELETE' })
    }
  }
})

/** A resource that says of itself what the case says of it. */
function resourceOf({ question: { resource } }: DataAsk): Loose {
  const { type, patient, labels, units } = resource
  const security = labels.map((label) => {
    const bar = label.lastIndexOf('|')
    return { system: label.slice(0, bar), code: label.slice(bar + 1) }
  })
  const of = patient === null ? undefined : { reference: `Patient/${patient}` }
  return {
    resourceType: type,
    id: resource.id ?? 'made',
    ...(security.length > 0 ? { meta: { security } } : {}),
    ...(type === 'Patient' || of === undefined
      ? {}
      : { subject: of, patient: of, securityContext: of, for: of, beneficiary: of, participant: [{ actor: of }] }),
    performer: units.map((unit) => ({ reference: `Location/${unit}` })),
  }
}
