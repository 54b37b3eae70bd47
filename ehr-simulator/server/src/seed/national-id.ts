/** A number of the synthetic series (month + 80), the only one a simulator may hold: no real person can be entered by mistake. */
export type SyntheticFnr = string & { readonly __brand: 'SyntheticFnr' }

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

/** The number, or undefined unless it is well formed and of the synthetic month + 80 series. */
export function parseSyntheticFnr(number: string): SyntheticFnr | undefined {
  const month = Number(number.slice(2, 4))
  if (month < 81 || month > 92 || !checkDigitsHold(number, 'from-2032')) return undefined
  return number as SyntheticFnr // checked on the line above; the brand exists at compile time only
}
