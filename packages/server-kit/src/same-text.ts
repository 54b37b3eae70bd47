import { timingSafeEqual } from 'node:crypto'

/** Compares a secret, or its hash, in a time that says nothing about where the two differ. That their lengths differ may show. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
