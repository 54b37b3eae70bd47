import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { namesInForce } from '../src/arrival/names-in-force.ts'
import { formatSpan } from '../src/format.ts'
import { arrivalText, reportedScore } from '../src/incoming/arrival-text.ts'
import { inOrder, parseTransport } from '../src/incoming/transport.ts'

const encounter = (id: string, priority: string, arrives: string, more = {}) => ({
  resourceType: 'Encounter',
  id,
  class: { code: 'EMER' },
  priority: { coding: [{ code: priority }] },
  subject: { reference: 'Patient/cdp1002', display: 'Mann, 75 år' },
  reasonCode: [{ text: 'Brystsmerter' }, { coding: [{ code: '1104051000000101' }], text: 'NEWS2 11' }],
  location: [
    { status: 'active', location: { reference: 'Location/lok151', display: 'Ambulanse A-214' } },
    { status: 'planned', location: { reference: 'Location/lok161' }, period: { start: arrives } },
  ],
  ...more,
})

describe('incoming ambulances', () => {
  test('an ambulance says who comes by sex and age, why, when and where to', () => {
    const transport = parseTransport(encounter('enc1', 'EM', '2026-04-29T12:09:00Z'))
    assert.deepEqual(transport, {
      id: 'enc1',
      vehicleId: 'lok151',
      vehicleName: 'Ambulanse A-214',
      roomId: 'lok161',
      roomName: undefined,
      arrives: new Date('2026-04-29T12:09:00Z'),
      urgency: 'red',
      who: 'Mann, 75 år',
      problem: 'Brystsmerter',
      news2: 11,
    })
  })

  test('a name never reaches the list, whatever the server writes', () => {
    for (const display of ['Harald Lien', 'LIEN, Harald', 'Mann, 75 år (Harald Lien)', '03905149376', '']) {
      const named = encounter('enc1', 'EM', '2026-04-29T12:09:00Z', { subject: { display } })
      assert.equal(parseTransport(named)?.who, 'Ukjent pasient', display)
    }
    const unknown = encounter('enc1', 'EM', '2026-04-29T12:09:00Z', { subject: { display: 'Ukjent mann, ca. 60 år' } })
    assert.equal(parseTransport(unknown)?.who, 'Ukjent mann, ca. 60 år')
  })

  test('somebody who is at the hospital already is not on the way', () => {
    const location = [{ status: 'active', location: { reference: 'Location/lok101' } }]
    assert.equal(parseTransport(encounter('enc1', 'EM', '2026-04-29T12:09:00Z', { location })), undefined)
  })

  test('the most urgent stands first, then the one who comes first', () => {
    const transports = [
      encounter('green', 'R', '2026-04-29T12:00:00Z'),
      encounter('red late', 'EM', '2026-04-29T12:20:00Z'),
      encounter('yellow', 'UR', '2026-04-29T12:01:00Z'),
      encounter('red soon', 'EM', '2026-04-29T12:05:00Z'),
    ].flatMap((found) => parseTransport(found) ?? [])
    assert.deepEqual(
      inOrder(transports).map((transport) => transport.id),
      ['red soon', 'red late', 'yellow', 'green'],
    )
  })

  test('arrival is told as time left or time passed', () => {
    const now = new Date('2026-04-29T12:00:00Z')
    assert.equal(arrivalText(new Date('2026-04-29T12:09:00Z'), now), 'om 9 min')
    assert.equal(arrivalText(new Date('2026-04-29T12:00:20Z'), now), 'ankommer nå')
    assert.equal(arrivalText(new Date('2026-04-29T11:48:00Z'), now), 'forventet for 12 min siden')
    assert.equal(formatSpan(125 * 60 * 1000), '2 t 5 min')
  })

  test('a low reported score is not called a low risk, because its sub-scores are unknown', () => {
    assert.deepEqual(reportedScore(4), { words: 'NEWS2 4', color: 'neutral' })
    assert.deepEqual(reportedScore(11), { words: 'NEWS2 11: høy risiko', color: 'danger' })
  })

  test('refuted allergies and resolved conditions are not shown', () => {
    const resource = (text: string, verification: string, clinical: string) => ({
      code: { text },
      verificationStatus: { coding: [{ code: verification }] },
      clinicalStatus: { coding: [{ code: clinical }] },
    })
    const names = [
      resource('Penicillin', 'confirmed', 'active'),
      resource('Penicillin', 'unconfirmed', 'active'),
      resource('Egg', 'refuted', 'active'),
      resource('Astma', 'confirmed', 'resolved'),
    ]
    assert.deepEqual(namesInForce(names), ['Penicillin'])
  })
})
