import { plainDigits } from '@uthopp/smart-core/national-id'
import { fold } from '#src/fhir/index/searchable-text.ts'
import type { SeededPatient } from '#src/seed/person.ts'

type Known = Pick<SeededPatient, 'family' | 'given' | 'birthDate' | 'fnr'>

/** What somebody wrote to find a patient by, word by word. */
export const wordsOf = (text: string): readonly string[] =>
  fold(plainDigits(text).replaceAll(/[.,]/g, ' ')).split(' ').filter(Boolean)

/**
 * Every word begins a name, and the digits are a whole date of birth or a whole number as either is written. Beginnings of
 * numbers find nobody: three digits at a time, anybody could read the register.
 */
export function matchesWords({ family, given, birthDate, fnr }: Known, words: readonly string[]): boolean {
  const digits = words.filter(isNumeric).join('').replaceAll('-', '')
  const [year = '', month = '', day = ''] = birthDate.split('-')
  const whole = ['', `${year}${month}${day}`, `${day}${month}${year}`, `${day}${month}${year.slice(-2)}`, fnr]
  const names = fold(`${given} ${family}`).split(' ')
  const spoken = words.filter((word) => !isNumeric(word))
  return whole.includes(digits) && spoken.every((word) => names.some((name) => name.startsWith(word)))
}

const isNumeric = (word: string): boolean => /^[\d-]*\d[\d-]*$/.test(word)
