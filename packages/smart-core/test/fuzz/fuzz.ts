import assert from 'node:assert/strict'
import * as fc from 'fast-check'

/** Parsers work for microseconds; only backtracking or quadratic work comes near this. */
const MOST_MS = 250
const SEED = 20_261_120
const seconds = Number(process.env['UTHOPP_FUZZ_SECONDS'] ?? 0)

/**
 * Holds a check against many inputs: the same ones at every run, or new ones for UTHOPP_FUZZ_SECONDS. A failure names the
 * smallest input and its seed. An input that takes long twice fails too.
 *
 * @public the fuzz tests of other workspaces use it
 */
export async function fuzz<T>(
  inputs: fc.Arbitrary<T>,
  check: (input: T) => void | Promise<void>,
  numRuns: number,
): Promise<void> {
  const timed = async (input: T): Promise<number> => {
    const start = process.threadCpuUsage()
    await check(input)
    const { user, system } = process.threadCpuUsage(start)
    return (user + system) / 1000
  }
  const property = fc.asyncProperty(inputs, async (input) => {
    if ((await timed(input)) > MOST_MS) assert.ok((await timed(input)) < MOST_MS, 'took too long')
  })
  const long = { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
  await fc.assert(property, seconds > 0 ? long : { numRuns, seed: SEED })
}

/** What breaks parsers, whatever their grammar. */
const HOSTILE = [
  '',
  ' ',
  '\0',
  '\n',
  '%',
  '%00',
  '%2F',
  '%zz',
  '%C3',
  '\ud800',
  'æ',
  '😀',
  '\u202e',
  '../',
  '//',
  '__proto__',
]

type Edit = { readonly how: string; readonly at: number; readonly length: number; readonly piece: string }

function applyEdit(text: string, { how, at, length, piece }: Edit): string {
  const start = text.length === 0 ? 0 : at % (text.length + 1)
  const [before, slice, after] = [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)]
  switch (how) {
    case 'delete':
      return before + after
    case 'replace':
      return before + piece + after
    case 'repeat':
      return before + slice.repeat(1 + (at % 60)) + after
    case 'encode':
      return before + encodeURIComponent(slice.toWellFormed()) + after
    case 'turn':
      return after + slice + before
    case 'case':
      return before + (slice === slice.toLowerCase() ? slice.toUpperCase() : slice.toLowerCase()) + after
    default:
      return before + piece + slice + after
  }
}

/**
 * Texts near the grammar: examples of it, changed a few times with its own words and with what breaks parsers.
 *
 * @public the fuzz tests of other workspaces use it
 */
export function mutations(examples: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...words) },
    { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.constantFrom(...examples) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  )
  const edit: fc.Arbitrary<Edit> = fc.record({
    how: fc.constantFrom('insert', 'delete', 'replace', 'repeat', 'encode', 'turn', 'case'),
    at: fc.nat(5000),
    length: fc.nat(12),
    piece,
  })
  return fc
    .tuple(fc.constantFrom(...examples), fc.array(edit, { maxLength: 5 }))
    .map(([example, edits]) => edits.reduce(applyEdit, example).slice(0, 100_000))
}
