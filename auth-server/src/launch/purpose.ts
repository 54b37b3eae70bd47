/** v3 PurposeOfUse of whoever said nothing: ordinary care, which opens the least (contracts §3: `purpose` is optional). */
const ORDINARY_CARE = 'TREAT'

/** What goes into the launch record; policy itself never invents a purpose. */
export const purposeOf = (said: string | null): string => said ?? ORDINARY_CARE
