const FIRST_WEIGHTS = [3, 7, 6, 1, 8, 9, 4, 5, 2]
const SECOND_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]

const remainder = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 11

/**
 * True when both check digits of an eleven-digit number hold.
 *
 * norway.md §4.4: from 1 January 2032 the first check digit admits the rests 0 to 3; the second keeps its rule.
 */
export function checkDigitsHold(number: string, rule: 'until-2031' | 'from-2032'): boolean {
  if (!/^\d{11}$/.test(number)) return false
  const digits = Array.from(number, Number)
  // With its own digit counted once, a number of the old rule has rest 0; the new rule admits 1, 2 and 3 too.
  const firstRest = (remainder(digits, FIRST_WEIGHTS) + (digits[9] ?? 0)) % 11
  const secondRest = (remainder(digits, SECOND_WEIGHTS) + (digits[10] ?? 0)) % 11
  return secondRest === 0 && (rule === 'until-2031' ? firstRest === 0 : firstRest <= 3)
}

/** The text with its digits as a reader takes them: those of every script as 0–9, and nothing invisible between them. */
export const plainDigits = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{M}]/gu, '')
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOf(digit.codePointAt(0) ?? 0)))

/** Unicode 16, §4.6: the decimal digits of a script follow each other from zero to nine. */
function valueOf(codePoint: number): number {
  let zero = codePoint
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return (codePoint - zero) % 10
}

/** Written together, or as six and five digits with whatever marks between them. */
const TOGETHER = /(?<!\d)\d{6}[^\p{L}\d]{0,3}\d{5}(?!\d)/u
/** Groups of digits that a reader takes together: nothing but a few marks stands between them. */
const GROUPED = /\d+(?:[^\p{L}\d]{1,3}\d+)+/gu

/**
 * True when somebody is named by national id (fødselsnummer, D-nummer, felles hjelpenummer), whatever script its digits are in
 * and however they are grouped. Telephone numbers, dates and results make eleven digits too, so what is grouped in another
 * way than six and five must have the check digits of a national id.
 */
export function hasNationalId(text: string): boolean {
  const plain = plainDigits(text)
  return TOGETHER.test(plain) || (plain.match(GROUPED) ?? []).some(isGroupedNumber)
}

function isGroupedNumber(run: string): boolean {
  const groups = run.match(/\d+/g) ?? []
  return groups.some((_, from) => {
    let number = ''
    for (const group of groups.slice(from, from + 11)) {
      number += group
      if (number.length >= 11) break
    }
    return checkDigitsHold(number, 'from-2032')
  })
}
