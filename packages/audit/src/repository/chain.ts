import { hash } from 'node:crypto'

/** What stands before the first record of a trust. */
export const GENESIS = '0'.repeat(64)

/** The hash of one link: over its place, everything before it, and its own text. */
export const linkHash = (tenant: string, sequence: number, previous: string, content: string): string =>
  hash('sha256', `${tenant}\n${sequence}\n${previous}\n${content}`, 'hex')
