import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Answer } from '#src/api/decisions.ts'
import { type Case, formatCase, personLine, readCase, rowsOf, whatIfBody } from '#src/policy/what-if.ts'

const CASE: Case = {
  tenant: '993467049',
  clientId: 'nutrition',
  user: 'stf101',
  role: 'agb101',
  patient: '',
  purpose: 'TREAT',
  acr: '3',
  at: '',
}
const answer = (name: string, effect: 'permit' | 'deny', rules: readonly string[]): Answer => ({
  name,
  effect,
  rules,
  reason_code: 'x',
  reason_text: { nb: 'x', en: 'x' },
})
const FACTS = { person: null, patients: [] }

describe('a what-if', () => {
  test('reads back the address it writes, and takes the defaults for what an address leaves open', () => {
    const other = { ...CASE, patient: 'cdp1001', at: '2026-11-20T14:00' }
    assert.deepEqual(readCase(formatCase(other), CASE), other)
    assert.deepEqual(readCase('?page=what-if&user=stf102', CASE), { ...CASE, user: 'stf102' })
  })

  test('says no patient outright, and leaves out what was not said', () => {
    assert.deepEqual(whatIfBody({ ...CASE, role: '', purpose: '' }, {}), {
      tenant: '993467049',
      client_id: 'nutrition',
      user: 'stf101',
      patient: null,
      acr: 3,
    })
    assert.deepEqual(whatIfBody(CASE, { 'guard-x': null })['rules'], { 'guard-x': null })
    assert.match(String(whatIfBody({ ...CASE, at: '2026-11-20T14:00' }, {})['at']), /^2026-11-20T\d\d:00:00\.000Z$/)
    assert.equal(whatIfBody({ ...CASE, at: 'tomorrow' }, {})['at'], 'tomorrow', 'the server says what is wrong')
  })

  test('sets gained and lost access apart from another way to the same answer', () => {
    const rows = rowsOf({
      at: '',
      facts: FACTS,
      serving: {
        version: 'a',
        answers: [answer('one', 'permit', ['p']), answer('two', 'deny', []), answer('three', 'permit', ['p'])],
      },
      candidate: {
        version: 'b',
        answers: [answer('one', 'deny', ['f']), answer('two', 'deny', []), answer('three', 'permit', ['q'])],
      },
    })
    assert.deepEqual(
      rows.map(({ name, differs }) => [name, differs]),
      [
        ['one', 'effect'],
        ['two', undefined],
        ['three', 'rules'],
      ],
    )
  })

  test('shows the answers of the serving book when the candidate is none', () => {
    const rows = rowsOf({
      at: '',
      facts: FACTS,
      serving: { version: 'a', answers: [answer('one', 'permit', ['p'])] },
      candidate: { problem: 'broken' },
    })
    assert.deepEqual(
      rows.map(({ candidate, differs }) => [candidate, differs]),
      [[undefined, undefined]],
    )
  })

  test('says of a person what the host says', () => {
    const unitName = (id: string) => (id === 'lok101' ? 'Akuttmottak' : id)
    assert.match(personLine(null, unitName), /does not know/)
    const licence = { active: false, profession: 'LE' }
    const role = { kind: 'physician', unit: 'lok101', acute: true }
    const line = 'physician at Akuttmottak, acute; licence LE not active; employed'
    assert.equal(personLine({ employed: true, licence, role }, unitName), line)
  })
})
