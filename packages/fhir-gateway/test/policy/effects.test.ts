import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Block, CaseFacts, PatientFacts, RoleFacts } from '@uthopp/policy/facts'
import { type FactsStub, startFacts } from '../facts-stub.ts'
import { type Answer, furnish, type Loose, OUTSIDE, startWorld, until, type World } from '../world.ts'
import { takenIn } from './taken-in.ts'

/** contracts.md §5: what changes counts within 5 s, also for tokens already issued. */
const SOON_MS = 5000

const role = (kind: RoleFacts['kind'], unit: string): RoleFacts => ({
  id: kind === 'physician' ? 'role-of-the-tests' : `role-${kind}`,
  kind,
  acute: false,
  unit,
  units: [unit],
  department: 'afa101',
  organization: 'aks101',
})

const patient = (id: string, more: Partial<PatientFacts> = {}): PatientFacts => ({
  patient: id,
  epoch: '1',
  inCareTeam: false,
  contactUnits: [],
  decisions: [],
  blocks: [],
  self: false,
  ...more,
})

const person = (user: string, kind: RoleFacts['kind'], profession: string | null): CaseFacts['person'] => ({
  user,
  kind: 'clinician',
  employed: true,
  licence: profession === null ? null : { active: true, profession },
  role: role(kind, kind === 'kitchen' ? 'lok108' : 'lok101'),
})

describe('with a host that is asked for the facts', () => {
  let world: World
  let facts: FactsStub
  const known = new Map<string, CaseFacts>()
  const tell = (user: string, who: CaseFacts['person'], ...patients: readonly PatientFacts[]): void => {
    known.set(user, { person: who, at: new Date(), patients: new Map(patients.map((one) => [one.patient, one])) })
  }
  const doctor = person('stf101', 'physician', 'LE')
  const treating = (more: Partial<PatientFacts> = {}) =>
    tell('stf101', doctor, patient('pat-a', { inCareTeam: true, ...more }))

  before(async () => {
    facts = await startFacts(OUTSIDE, () => new Date())
    facts.knows = (user) => known.get(user ?? '')
    world = await startWorld({ stage: 'enforce', facts })
    furnish(world.upstream)
    const subject = { reference: 'Patient/pat-a' }
    world.upstream.put(
      { resourceType: 'AllergyIntolerance', id: 'all-a', patient: subject },
      { resourceType: 'NutritionOrder', id: 'nut-a', patient: subject },
      {
        resourceType: 'DocumentReference',
        id: 'dok-a',
        status: 'current',
        subject,
        performer: [{ reference: 'Location/lok102' }],
      },
      {
        resourceType: 'DocumentReference',
        id: 'dok-b',
        status: 'current',
        subject,
        performer: [{ reference: 'Location/lok101' }],
      },
    )
  })
  after(async () => {
    await world.close()
    await facts.close()
  })
  beforeEach(async () => {
    known.clear()
    treating()
    facts.beating = true
    facts.delayMs = 0
    facts.status = 200
    for (const id of ['pat-a', 'pat-b']) facts.change('patient', id)
    for (const id of ['stf101', 'stf107', 'stf108', 'stf109']) facts.change('user', id)
    await takenIn(world, facts)
  })

  const idsOf = ({ json }: Answer): string[] => (json.entry ?? []).map(({ resource }: Loose) => resource.id).toSorted()
  const becomes = async (status: number, ask: () => Promise<Answer>): Promise<Answer> => {
    let answer = await ask()
    await until(async () => {
      if (answer.status !== status) answer = await ask()
      return answer.status === status
    }, SOON_MS)
    return answer
  }

  const tokenOf = (sub: string, kind: string) =>
    world.token(
      { sub, grant_id: sub },
      { grant: { role: kind === 'physician' ? 'role-of-the-tests' : `role-${kind}` } },
    )

  test('what a role may not see and whom somebody has nothing to do with are refused, each with its reason', async () => {
    tell('stf107', person('stf107', 'kitchen', null), patient('pat-a', { decisions: [meal('role-kitchen')] }))
    tell('stf109', person('stf109', 'physician', 'LE'), patient('pat-a'))
    const read = async (sub: string, path: string, kind: string) => world.fhir(path, await tokenOf(sub, kind))
    assert.deepEqual(idsOf(await read('stf101', 'Patient/pat-a/AllergyIntolerance', 'physician')), ['all-a'])
    assert.deepEqual(idsOf(await read('stf101', 'DocumentReference', 'physician')), ['dok-a', 'dok-b'])
    const kitchen = await read('stf107', 'DocumentReference', 'kitchen')
    assert.deepEqual([kitchen.status, kitchen.json.issue[0].details.coding[0].code], [403, 'role-not-entitled'])
    const outsider = await read('stf109', 'DocumentReference', 'physician')
    assert.deepEqual([outsider.status, outsider.json.issue[0].details.coding[0].code], [403, 'no-care-relation'])
    const nutrition = await read('stf107', 'NutritionOrder', 'kitchen')
    assert.deepEqual(idsOf(nutrition), ['nut-a'], nutrition.text)
  })

  test('three people make the same search and get three different bundles, each right', async () => {
    const labelled = (code: string) => ({
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code }] },
    })
    const subject = { reference: 'Patient/pat-a' }
    const visit = { reference: 'Encounter/visit' }
    world.upstream.put(
      {
        resourceType: 'Encounter',
        id: 'visit',
        status: 'in-progress',
        class: { code: 'IMP' },
        subject,
        ...labelled('N'),
      },
      ...['N', 'R', 'V'].map((code) => ({
        resourceType: 'NutritionOrder',
        id: `order-${code}`,
        patient: subject,
        encounter: visit,
        identifier: [{ value: 'of-three' }],
        ...labelled(code),
      })),
    )
    const nurse = person('stf108', 'nurse', 'SP')
    tell('stf108', nurse, patient('pat-a', { contactUnits: ['lok101'] }))
    tell('stf107', person('stf107', 'kitchen', null), patient('pat-a', { decisions: [meal('role-kitchen')] }))
    for (const user of ['stf107', 'stf108']) facts.change('user', user)
    await takenIn(world, facts)

    const WHERE = 'NutritionOrder?patient=pat-a&identifier=of-three&_include=NutritionOrder:encounter&_total=accurate'
    const people = [
      // In the care team and signed in at level 4: what is very restricted too.
      { sub: 'stf101', kind: 'physician', sees: ['Encounter/visit', 'order-N', 'order-R', 'order-V'] },
      // On the unit the patient lies on, and in no team: what is ordinary.
      { sub: 'stf108', kind: 'nurse', sees: ['Encounter/visit', 'order-N'] },
      // With a task about the meals: restricted orders too, and no visit.
      { sub: 'stf107', kind: 'kitchen', sees: ['order-N', 'order-R'] },
    ] as const
    const search = async ({ sub, kind }: (typeof people)[number], more = '') =>
      world.fhir(`${WHERE}${more}`, await tokenOf(sub, kind))
    const plain = ({ status, headers, text }: Answer) => ({
      status,
      // Which request it was and when is told in these.
      headers: [...headers].filter(([name]) => !['date', 'traceparent', 'x-correlation-id'].includes(name)),
      text: text.replaceAll(/[\da-f]{32}/g, ''),
    })

    const told = new Set<string>()
    for (const one of people) {
      const answer = await search(one)
      assert.equal(answer.status, 200, answer.text)
      const orders = one.sees.filter((id) => id.startsWith('order-'))
      const wanted = one.sees.map((id) => (id.includes('/') ? id : `NutritionOrder/${id}`))
      const found = answer.json.entry.map(({ resource, search: { mode } }: Loose) => [
        `${resource.resourceType}/${resource.id}`,
        mode,
      ])
      assert.deepEqual(
        found.toSorted(),
        wanted.map((id) => [id, id.startsWith('Encounter') ? 'include' : 'match']),
        one.kind,
      )
      assert.equal(answer.json.total, orders.length, one.kind)
      assert.equal((await search(one, '&_summary=count')).json.total, orders.length, one.kind)
      assert.deepEqual([answer.headers.get('etag'), answer.headers.get('last-modified')], [null, null])
      assert.deepEqual(answer.json.link.length, 1)
      const short = await search(one, '&_count=1')
      assert.equal(short.json.entry.filter(({ search: { mode } }: Loose) => mode === 'match').length, 1, one.kind)
      assert.equal(short.json.total, orders.length > 1 ? undefined : orders.length, one.kind)
      const follows = short.json.link.some(({ relation }: Loose) => relation === 'next')
      assert.equal(follows, orders.length > 1, `${one.kind}: a next page is there only when it shows something`)
      told.add(answer.text)
    }
    assert.equal(told.size, people.length)

    // Byte for byte what each would have got, had what is hidden never been.
    for (const one of people) {
      const whole = plain(await search(one))
      const all = ['order-N', 'order-R', 'order-V']
      const hidden = all.filter((id) => !(one.sees as readonly string[]).includes(id))
      const gone = hidden.map((id) => ['NutritionOrder', id] as const)
      const away = [...gone, ...(one.kind === 'kitchen' ? [['Encounter', 'visit'] as const] : [])]
      const kept = away.flatMap(([type, id]) => world.upstream.stored(type, id) ?? [])
      for (const [type, id] of away) world.upstream.remove(type, id)
      assert.deepEqual(plain(await search(one)), whole, one.kind)
      world.upstream.put(...kept)
    }
  })

  const meal = (user: string) => ({
    id: `besl-${user}`,
    template: 'ARBFLYT',
    family: 'implicit' as const,
    patient: 'pat-a',
    purpose: 'TREAT',
    validFrom: new Date(Date.now() - 60_000),
    validUntil: new Date(Date.now() + 600_000),
    elements: ['*'],
    items: [],
    userSelected: false,
    selfSelected: false,
  })

  test('a new block takes effect on tokens already issued, leaves no trace, and lifting it as well', async () => {
    const token = await world.token()
    const read = () => world.fhir('DocumentReference/dok-a', token)
    assert.equal((await read()).status, 200)
    const block: Block = { id: 'b1', kind: 'document', target: 'DocumentReference/dok-a' }
    treating({ blocks: [block], epoch: '2' })
    facts.change('patient', 'pat-a')
    const blocked = await becomes(404, read)
    assert.equal(blocked.text, (await world.fhir('DocumentReference/nowhere', token)).text)
    const search = await world.fhir('DocumentReference?_total=accurate', token)
    assert.deepEqual([idsOf(search).filter(Boolean), search.json.total], [['dok-b'], 1])
    treating({ epoch: '3' })
    facts.change('patient', 'pat-a')
    await becomes(200, read)
  })

  test('a unit’s block reaches what the unit made, by its own word or by that of the visit it was made in', async () => {
    treating({ blocks: [{ id: 'b2', kind: 'unit', target: 'lok102' }], epoch: '4' })
    facts.change('patient', 'pat-a')
    world.upstream.put({
      resourceType: 'Encounter',
      id: 'enc-a',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject: { reference: 'Patient/pat-a' },
      location: [{ location: { reference: 'Location/lok102' } }],
    })
    world.upstream.put({
      resourceType: 'Observation',
      id: 'of-visit',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
      encounter: { reference: 'Encounter/enc-a' },
      performer: [{ reference: 'Organization/afa101' }],
    })
    const token = await world.token()
    await becomes(404, () => world.fhir('DocumentReference/dok-a', token))
    assert.equal((await world.fhir('DocumentReference/dok-b', token)).status, 200)
    await becomes(404, () => world.fhir('Observation/of-visit', token))
    // Nobody knows which unit made this one, so it may have been the blocked one.
    assert.equal((await world.fhir('Observation/lab-a', token)).status, 404)
    assert.equal((await world.fhir('Patient/pat-a', token)).status, 200)
  })

  test('a relation that ends, a licence that is lost and a role that is left take effect on tokens already issued', async () => {
    for (const [change, code] of [
      [() => tell('stf101', doctor, patient('pat-a')), 'no-care-relation'],
      [
        () =>
          tell(
            'stf101',
            doctor && { ...doctor, licence: { active: false, profession: 'LE' } },
            patient('pat-a', { inCareTeam: true }),
          ),
        'no-active-licence',
      ],
      [
        () => tell('stf101', doctor && { ...doctor, role: null }, patient('pat-a', { inCareTeam: true })),
        'role-not-held',
      ],
      [
        () => tell('stf101', doctor && { ...doctor, employed: false }, patient('pat-a', { inCareTeam: true })),
        'not-employed',
      ],
      [() => known.clear(), 'person-unknown'],
    ] as const) {
      treating()
      facts.change('user', 'stf101')
      const token = await world.token()
      const read = () => world.fhir('Observation/lab-a', token)
      await becomes(200, read)
      change()
      facts.change('user', 'stf101')
      const refused = await becomes(403, read)
      assert.equal(refused.json.issue[0].details.coding[0].code, code)
    }
  })

  test('a change nobody told of counts within five seconds all the same', async () => {
    const token = await world.token()
    const read = () => world.fhir('Observation/lab-a', token)
    assert.equal((await read()).status, 200)
    tell('stf101', doctor, patient('pat-a'))
    await becomes(403, read)
  })

  test('a silent change stream, a slow host and one that fails each open nothing, and it recovers by itself', async () => {
    const token = await world.token()
    const read = () => world.fhir('Observation/lab-a', token)
    await becomes(200, read)
    facts.beating = false
    const silent = await becomes(503, read)
    assert.equal(silent.json.issue[0].details.coding[0].code, 'facts-unavailable')
    assert.match(silent.headers.get('retry-after') ?? '', /^\d+$/)
    assert.match((await world.at('/health/ready')).json.reason, /change stream/)
    assert.equal((await world.fhir('metadata')).status, 200)
    facts.beating = true
    await becomes(200, read)
    facts.delayMs = 400
    facts.change('user', 'stf101')
    assert.equal((await becomes(503, read)).json.issue[0].details.coding[0].code, 'facts-unavailable')
    facts.delayMs = 0
    facts.status = 500
    await becomes(503, read)
    facts.status = 200
    await becomes(200, read)
  })

  test('facts are asked for once a moment, and once for all patients of an answer', async () => {
    tell('stf101', doctor, patient('pat-a', { inCareTeam: true }), patient('pat-b', { inCareTeam: true }))
    facts.change('user', 'stf101')
    const token = await world.token({ scope: 'user/Observation.rs', patient: undefined })
    const search = () => world.fhir('Observation', token)
    await until(async () => idsOf(await search()).length >= 4, SOON_MS)
    facts.change('user', 'stf101')
    await until(async () => {
      const before = facts.asked
      await search()
      return facts.asked === before
    }, SOON_MS)
    const asked = facts.asked
    await search()
    assert.equal(facts.asked, asked)
  })
})
