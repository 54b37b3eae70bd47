import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json } from '../src/smart/json.ts'
import { NO_TRANSPORT, readRecord } from '../src/vitals/live-record.ts'

const ward = {
  resourceType: 'Encounter',
  id: 'enc1004',
  location: [{ status: 'active', location: { reference: 'Location/lok101' } }],
}
const ambulance = {
  resourceType: 'Encounter',
  id: 'enc1002',
  location: [
    { status: 'active', location: { reference: 'Location/lok151', display: 'Ambulanse A-214' } },
    { status: 'planned', location: { reference: 'Location/lok168' } },
  ],
}
const pulse = (id: string, value: number): Json => ({
  resourceType: 'Observation',
  id,
  meta: { versionId: '1', lastUpdated: new Date().toISOString() },
  status: 'final',
  code: { coding: [{ code: '8867-4' }] },
  effectiveDateTime: new Date().toISOString(),
  valueQuantity: { value },
})

/** A server that holds these encounters and one measurement, and what it was asked. */
function serverWith(...encounters: readonly Json[]) {
  const asked: string[] = []
  const search = async (query: string): Promise<readonly Json[]> => {
    asked.push(query)
    return query.startsWith('Encounter?') ? encounters : [pulse(`obs${asked.length}`, 118)]
  }
  return { asked, search }
}

describe('the live record', () => {
  test('of a patient on a ward is empty, and the measurements of the ward are not even asked for', async () => {
    for (const { asked, search } of [serverWith(ward), serverWith()]) {
      assert.deepEqual(await readRecord(search, 'cdp1004', NO_TRANSPORT), NO_TRANSPORT)
      assert.deepEqual(asked, ['Encounter?patient=cdp1004&class=EMER&status=in-progress'])
    }
  })

  test('of a patient in an ambulance holds what was measured in that transport', async () => {
    const { asked, search } = serverWith(ward, ambulance)
    const record = await readRecord(search, 'cdp1002', NO_TRANSPORT)
    assert.equal(record.kind === 'under-way' && record.transport.vehicleName, 'Ambulanse A-214')
    assert.match(asked[1] ?? '', /^Observation\?patient=cdp1002&encounter=enc1002&code=/)
    const again = await readRecord(search, 'cdp1002', record)
    assert.equal(again.kind === 'under-way' && again.hour.points.get('pulse')?.length, 2)
    assert.match(asked[3] ?? '', /&_lastUpdated=gt/)
  })

  test('ends when the patient has been received, and a new transport starts from nothing', async () => {
    const first = await readRecord(serverWith(ambulance).search, 'cdp1002', NO_TRANSPORT)
    assert.deepEqual(await readRecord(serverWith(ward).search, 'cdp1002', first), NO_TRANSPORT)
    const second = await readRecord(serverWith({ ...ambulance, id: 'enc1777' }).search, 'cdp1002', first)
    assert.equal(second.kind === 'under-way' && second.hour.points.get('pulse')?.length, 1)
  })
})
