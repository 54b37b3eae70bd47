const PLAIN = new Intl.NumberFormat('nb-NO', { maximumFractionDigits: 2 })

/** Decimal comma, no more decimals than measured. */
export const formatNumber = (value: number): string => PLAIN.format(value)

/** The same with exactly so many decimals, for numbers that are read in a column. */
export const formatDecimals = (value: number, decimals: number): string =>
  value.toLocaleString('nb-NO', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })

/** `1 pasient`, `3 pasienter` */
export const formatCount = (count: number, one: string, many: string): string =>
  `${PLAIN.format(count)} ${count === 1 ? one : many}`
