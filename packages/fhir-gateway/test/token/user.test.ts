import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { CaseFacts } from '@uthopp/policy/facts'
import { startFacts, type FactsStub } from '../facts-stub.ts'
import { furnish, OUTSIDE, startWorld, type World } from '../world.ts'

const CITIZEN = { user_kind: 'citizen', role: null } as const
const KINDS = ['jwt', 'opaque'] as const

/** A token of a launch of its own, in which nobody chose a patient. */
const tokenOf = (
  world: World,
  kind: (typeof KINDS)[number],
  claims: Readonly<Record<string, unknown>>,
  grant: object = {},
): Promise<string> => {
  const all = { scope: 'openid fhirUser', patient: undefined, grant_id: crypto.randomUUID(), ...claims }
  return kind === 'jwt' ? world.token(all, { grant }) : Promise.resolve(world.opaque(all, grant))
}

describe('who the user of a token is', () => {
  let world: World
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.issuer.up = true
    world.records.length = 0
  })
  const statusOf = async (path: string, token: string) => (await world.fhir(path, token)).status

  for (const kind of KINDS) {
    test(`is a citizen’s own Patient, also without a patient of the launch (${kind}, SAL-123)`, async () => {
      for (const scope of ['openid fhirUser', 'openid profile']) {
        const token = await tokenOf(world, kind, { sub: 'pat-a', scope }, CITIZEN)
        assert.equal((await world.fhir('Patient/pat-a', token)).json.id, 'pat-a')
        assert.equal(await statusOf('Patient/pat-b', token), 403)
        assert.equal(await statusOf('Practitioner/pat-a', token), 403)
        assert.equal(await statusOf('Patient', token), 403)
      }
    })

    test(`is a clinician’s own Practitioner, whatever the patient of the launch is called (${kind}, SAL-123)`, async () => {
      world.upstream.put({ resourceType: 'Patient', id: 'stf101' })
      const token = await tokenOf(world, kind, { patient: 'stf101' })
      assert.equal(await statusOf('Practitioner/stf101', token), 200)
      assert.equal(await statusOf('Patient/stf101', token), 403)
      world.upstream.remove('Patient', 'stf101')
    })

    test(`is nobody while the issuer tells nothing of the launch, and is not remembered as nobody (${kind})`, async () => {
      const token = await tokenOf(world, kind, { sub: 'pat-a' }, { user_kind: 'somebody' })
      const read = async () => [await statusOf('Patient/pat-a', token), await statusOf('Practitioner/pat-a', token)]
      assert.deepEqual(await read(), [403, 403])
      const { grant, ...rest } = world.issuer.known.get(token) ?? {}
      world.issuer.known.set(token, { ...rest, grant: { ...(grant as object), ...CITIZEN } }) // as the world wrote it
      assert.deepEqual(await read(), [200, 403])
    })

    test(`is no resource at all where the launch has no person (${kind})`, async () => {
      const token = await tokenOf(world, kind, {}, { user_kind: 'client', role: null })
      assert.deepEqual(
        [await statusOf('Practitioner/stf101', token), await statusOf('Patient/stf101', token)],
        [403, 403],
      )
    })

    test(`stands in the log, also where nothing is decided (${kind})`, async () => {
      const scope = 'user/Observation.rs'
      await world.fhir('Observation/lab-a', await tokenOf(world, kind, { sub: 'pat-a', scope }, CITIZEN))
      await world.fhir('Observation/lab-a', await tokenOf(world, kind, { sub: 'stf101', patient: 'stf101', scope }))
      assert.deepEqual(
        world.records.map(({ actor }) => [actor.kind, actor.id]),
        [
          ['citizen', 'pat-a'],
          ['clinician', 'stf101'],
        ],
      )
    })
  }

  test('cannot be known while the issuer cannot be asked, and that is no verdict', async () => {
    const token = await tokenOf(world, 'jwt', { sub: 'pat-a' }, CITIZEN)
    world.issuer.up = false
    assert.equal(await statusOf('Patient/pat-a', token), 503)
    world.issuer.up = true
    assert.equal(await statusOf('Patient/pat-a', token), 200)
  })

  test('is asked for once a launch', async () => {
    const grant_id = crypto.randomUUID()
    world.issuer.introspected.length = 0
    for (let refreshed = 0; refreshed < 3; refreshed += 1)
      assert.equal(
        await statusOf('Patient/pat-a', await tokenOf(world, 'jwt', { sub: 'pat-a', grant_id }, CITIZEN)),
        200,
      )
    assert.equal(world.issuer.introspected.length, 1)
  })
})

describe('a citizen whose app asks only who they are', () => {
  let world: World
  let facts: FactsStub
  const own: CaseFacts = {
    person: { user: 'pat-a', kind: 'citizen', employed: false, licence: null, role: null },
    at: new Date(),
    patients: new Map(
      ['pat-a', 'pat-b'].map((patient) => [
        patient,
        {
          patient,
          epoch: '1',
          inCareTeam: false,
          contactUnits: [],
          decisions: [],
          blocks: [],
          self: patient === 'pat-a',
        },
      ]),
    ),
  }
  before(async () => {
    facts = await startFacts(OUTSIDE, () => new Date())
    facts.knows = (user) => (user === 'pat-a' ? own : undefined)
    world = await startWorld({ stage: 'enforce', facts })
    furnish(world.upstream)
  })
  after(async () => {
    await world.close()
    await facts.close()
  })

  for (const kind of KINDS)
    test(`reads that by the rules, and nobody else’s (${kind}, SAL-123)`, async () => {
      const token = await tokenOf(world, kind, { sub: 'pat-a' }, CITIZEN)
      const read = await world.fhir('Patient/pat-a', token)
      assert.deepEqual([read.status, read.json.id], [200, 'pat-a'], read.text)
      for (const path of ['Patient/pat-b', 'Practitioner/stf101', 'Observation/lab-a', 'Observation'])
        assert.equal((await world.fhir(path, token)).status, 403, path)
      const audited = world.records.filter(({ activity }) => activity === 'fhir-access').at(-1)
      assert.deepEqual([audited?.actor.kind, audited?.patient], ['citizen', 'pat-a'])
    })
})
