import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { OUS } from '../http/host-world.ts'
import { startFactsWorld } from './http/facts-world.ts'

const DAY_MS = 86_400_000
let late = 0
const now = () => new Date(Date.now() + late)
const facts = await startFactsWorld(now)
after(() => facts.world.close())
const templatesOf = async (user: string, role: string, patient: string) =>
  ((await facts.patientsFor(user, role, [patient]))[0]?.decisions ?? []).map(({ template }) => template)
const keepToday = () => facts.world.host.trusts.get(OUS)?.keepToday()
const event = (body: object) => facts.write('/adt', { at: now().toISOString(), ...body })

describe('the demo world’s own day', () => {
  test('begins again: an ambulance announced yesterday is announced today, and everything else is left alone', async () => {
    await event({ event: 'discharge', patient: 'cdp1001', unit: 'lok102' })
    await event({ event: 'cancel', patient: 'cdp1003', contact: 'ktk1003-1' })
    const contacts = async () => (await facts.read('/contacts?patient=cdp1001')).body
    const before = await contacts()
    late += DAY_MS
    assert.deepEqual(await templatesOf('stf101', 'agb101', 'cdp1002'), [])
    await keepToday()
    assert.deepEqual(await templatesOf('stf101', 'agb101', 'cdp1002'), ['MELDT'])
    assert.deepEqual(await templatesOf('stf101', 'agb101', 'cdp1003'), [])
    assert.deepEqual(await contacts(), before)
  })

  test('leaves licences and blocks as they have become', async () => {
    const { blocks } = (await facts.read('/blocks?patient=cdp1007')).body as { blocks: readonly { id: string }[] } // as described
    for (const { id } of blocks) await facts.write('/blocks/lift', { id })
    await facts.write('/licences', { user: 'stf101', active: false })
    await keepToday()
    assert.deepEqual((await facts.read('/blocks?patient=cdp1007')).body, { blocks: [] })
    assert.equal((await facts.read('/licences?user=stf101')).body['active'], false)
  })
})
