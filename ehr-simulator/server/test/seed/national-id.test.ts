import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkDigitsHold } from '@uthopp/smart-core/national-id'
import { parseSyntheticFnr } from '#src/seed/national-id.ts'
import { patientsOf, staffOf } from '#src/seed/people.ts'
import { AHUS, OUS } from '#src/seed/units.ts'

const people = [OUS, AHUS].flatMap((trust) => [...staffOf(trust), ...patientsOf(trust)])

describe('national identity numbers', () => {
  test('the worked example of the register holds under both rules', () => {
    assert.equal(checkDigitsHold('31129956715', 'until-2031'), true)
    assert.equal(checkDigitsHold('31129956715', 'from-2032'), true)
  })

  test('numbers of the 2032 series hold under the new rule', () => {
    for (const number of ['02013299997', '30108299920', '30108299939']) {
      assert.equal(checkDigitsHold(number, 'from-2032'), true, number)
    }
  })

  test('a first check digit with rest 2 holds only under the rule of 2032', () => {
    assert.equal(checkDigitsHold('02013299903', 'until-2031'), false)
    assert.equal(checkDigitsHold('02013299903', 'from-2032'), true)
  })

  test('everybody in the seed has a number of the synthetic series that agrees with birth date and sex', () => {
    for (const { fnr, birthDate, gender } of people) {
      assert.equal(parseSyntheticFnr(fnr), fnr)
      const [year = '', month, day] = birthDate.split('-')
      assert.equal(fnr.slice(0, 6), `${day}${Number(month) + 80}${year.slice(2)}`)
      assert.equal(Number(fnr[8]) % 2 === 1 ? 'male' : 'female', gender)
    }
  })

  test('any one digit wrong is noticed under both rules', () => {
    for (const { fnr } of people) {
      for (let at = 0; at < 11; at += 1) {
        const flipped = `${fnr.slice(0, at)}${(Number(fnr[at]) + 1) % 10}${fnr.slice(at + 1)}`
        assert.equal(checkDigitsHold(flipped, 'until-2031'), false, `digit ${at}`)
        assert.equal(checkDigitsHold(flipped, 'from-2032'), false, `digit ${at}`)
      }
    }
  })

  test('a number that could belong to a real person is no synthetic number', () => {
    assert.equal(parseSyntheticFnr('31129956715'), undefined)
  })

  test('letters, spaces and other lengths are no number', () => {
    for (const text of [
      '',
      '1985434903',
      '198543490345',
      '1985434903x',
      ' 19854349034',
      '19854349034\n',
      '１９８５４３４９０３４',
    ]) {
      assert.equal(checkDigitsHold(text, 'from-2032'), false, JSON.stringify(text))
      assert.equal(parseSyntheticFnr(text), undefined)
    }
  })
})
