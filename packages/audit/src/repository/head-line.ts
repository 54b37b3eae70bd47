import { hash } from 'node:crypto'
import { integer, type MemberReader, nullable, readMembers, text } from '@uthopp/server-kit/members'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import { canonicalJson } from '#src/canonical-json.ts'

/** Where one chain stood, written down outside the database: a line of a file that is a chain of its own. */
export type HeadLine = {
  /** The file it is a line of. */
  readonly file: string
  /** Counts the lines of the file from 1. */
  readonly line: number
  /** The hash of the line before it, `GENESIS` in the first. */
  readonly previous: string
  readonly tenant: string
  readonly sequence: number
  readonly hash: string
  /** The time of the record the chain ended with; null while there was none. */
  readonly recordedAt: Date | null
  readonly anchorSequence: number
  readonly anchorHash: string
  readonly at: Date
}

const hex: MemberReader<string> = (value, name) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : problem(name, `\`${name}\` must be a hash`)

const moment: MemberReader<Date> = (value, name) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value))
    ? new Date(value)
    : problem(name, `\`${name}\` must be a time`)

const SHAPE = {
  required: {
    file: text,
    line: integer,
    previous: hex,
    tenant: text,
    sequence: integer,
    hash: hex,
    recorded_at: nullable(moment),
    anchor_sequence: integer,
    anchor_hash: hex,
    at: moment,
  },
}

export function parseHeadLine(written: string): HeadLine | Problem {
  let json: unknown
  try {
    json = JSON.parse(written)
  } catch {
    return problem('line', 'is no JSON')
  }
  const read = readMembers(json, SHAPE)
  if (isProblem(read)) return read
  const { recorded_at: recordedAt, anchor_sequence: anchorSequence, anchor_hash: anchorHash, ...rest } = read
  return { ...rest, recordedAt, anchorSequence, anchorHash }
}

export const formatHeadLine = ({ recordedAt, anchorSequence, anchorHash, at, ...rest }: HeadLine): string =>
  canonicalJson({
    ...rest,
    recorded_at: recordedAt?.toISOString() ?? null,
    anchor_sequence: anchorSequence,
    anchor_hash: anchorHash,
    at: at.toISOString(),
  })

/** What the next line names as the one before it. */
export const hashOfLine = (written: string): string => hash('sha256', written, 'hex')
