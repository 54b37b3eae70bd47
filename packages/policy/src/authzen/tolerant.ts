import { object, type Reader } from '#src/json-reading.ts'

/** An object of AuthZEN's: members nobody knows are ignored (AZ-4). */
export const tolerant = <T extends Readonly<Record<string, Reader<unknown>>>>(readers: T) => object(readers, false)

/** Members whose value would be null are left out (AZ-4). */
export const present = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
