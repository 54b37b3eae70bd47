import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseAnswer } from '#src/caac/parse-answer.ts'

const ANSWER = {
  resultat: 'tillatt',
  avgjorelse: 'a1',
  regelverk: 'v1',
  regler: ['read-decision'],
  kode: 'decision',
  begrunnelse: { nb: 'Tilgang gitt.', en: 'permitted' },
  vilkar: [{ id: 'audit', type: 'logg', egenskaper: {} }],
  gyldig_til: '2030-01-01T10:00:00Z',
  beslutning: 'BELEGG.ktk1.agb1',
  formal: 'TREAT',
  kan_bes_om: null,
  spor: { handling: 'read', bruker: 'stf1', ressurs: 'Observation/x', omstendigheter: {} },
}

describe("an answer in the host's own words", () => {
  test('is read whole', () => {
    const answer = parseAnswer(ANSWER)
    assert.ok(!isProblem(answer))
    assert.deepEqual(
      [answer.effect, answer.rules, answer.validUntil],
      ['permit', ['read-decision'], new Date('2030-01-01T10:00:00Z')],
    )
    assert.deepEqual(answer.obligations, [{ id: 'audit', type: 'audit', properties: {} }])
  })

  test('that permits on terms nobody knows is a deny of its own', () => {
    const answer = parseAnswer({ ...ANSWER, vilkar: [{ id: 'x', type: 'danse', egenskaper: {} }] })
    assert.ok(!isProblem(answer))
    assert.deepEqual([answer.effect, answer.reasonCode, answer.validUntil], ['deny', 'obligation-unknown', null])
  })

  test('that lacks anything, or says it in other words, is none', () => {
    for (const name of Object.keys(ANSWER)) {
      const { [name as 'kode']: _left, ...rest } = ANSWER
      assert.ok(isProblem(parseAnswer(rest)), name)
      assert.ok(isProblem(parseAnswer({ ...ANSWER, [name]: 7 })), name)
    }
    for (const resultat of ['permit', true, 'TILLATT', null]) assert.ok(isProblem(parseAnswer({ ...ANSWER, resultat })))
    for (const odd of [null, undefined, [], 'tillatt', 1]) assert.ok(isProblem(parseAnswer(odd)))
  })
})
