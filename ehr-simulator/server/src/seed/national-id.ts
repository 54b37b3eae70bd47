import { checkDigitsHold } from '@uthopp/smart-core/national-id'

/** A number of the synthetic series (month + 80), the only one a simulator may hold: no real person can be entered by mistake. */
export type SyntheticFnr = string & { readonly __brand: 'SyntheticFnr' }

/** The number, or undefined unless it is well formed and of the synthetic month + 80 series. */
export function parseSyntheticFnr(number: string): SyntheticFnr | undefined {
  const month = Number(number.slice(2, 4))
  if (month < 81 || month > 92 || !checkDigitsHold(number, 'from-2032')) return undefined
  return number as SyntheticFnr // checked on the line above; the brand exists at compile time only
}
