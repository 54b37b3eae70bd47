import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { CaseFacts } from '@uthopp/policy/facts'
import { createHttpFacts } from '@uthopp/policy/http-facts'
import { readCase } from '#src/facts/care-facts.ts'
import { patientsOf, staffOf } from '#src/seed/people.ts'
import { AHUS, OUS } from '../../http/host-world.ts'
import { audience, startFactsWorld } from './facts-world.ts'

const facts = await startFactsWorld()
after(() => facts.world.close())
const client = createHttpFacts({
  address: (tenant) => audience(facts.world, tenant),
  bearer: async (tenant) => (await facts.reader(tenant)).replace('Bearer ', ''),
  timeoutMs: 2000,
  now: () => new Date(),
})

describe('the facts as a decision point reads them', () => {
  test('are those the host knows, for everybody in every role and every patient', async () => {
    for (const tenant of [OUS, AHUS]) {
      const rooms = facts.world.host.trusts.get(tenant)?.facts
      assert.ok(rooms)
      const patients = patientsOf(tenant).map(({ patient }) => patient)
      const holders = staffOf(tenant).flatMap(({ user, roles }) => roles.map(({ role }) => ({ user, role })))
      const citizens = patients.slice(0, 1).map((user) => ({ user, role: null }))
      for (const holder of [...holders, ...citizens, { user: null, role: null }]) {
        const asked = { ...holder, patients: [...patients, 'nobody'] }
        const heard: CaseFacts = await client.read({ ...asked, tenant }, { traceparent: '' })
        const known: CaseFacts | undefined = await readCase(rooms, asked)
        assert.deepEqual({ ...heard, at: null }, { ...known, at: null }, `${holder.user} ${holder.role}`)
      }
    }
  })

  test('of somebody nobody knows here are those of nobody', async () => {
    const asked = { tenant: OUS, user: 'stf201', role: 'agb201', patients: ['cdp1004'] }
    const heard = await client.read(asked, { traceparent: '' })
    assert.deepEqual([heard.person, heard.patients.size], [null, 0])
  })
})
