import { maskSource } from './mask-source.ts'

/** One call of `test` or `describe`, as far as it can be seen without running it. */
type Call = {
  readonly kind: 'test' | 'describe'
  readonly title: string
  readonly from: number
  readonly open: number
  readonly to: number
  /** Why what is in here does not run, or not count; undefined when it does. */
  readonly idle: string | undefined
}

/** A test that stands in a file, and why it proves nothing although it stands there. */
export type FoundTest = { readonly title: string; readonly idle: string | undefined }

const CALL = /(?<![\w.$])(?<name>test|it|describe|suite)(?<more>(?:\.\w+)*)\s*\(/g
/** Options under which a test still runs and counts; every other one, and whatever is not written out, may be a way not to. */
const HARMLESS = /^(?:timeout|concurrency|signal|plan|tag|annotation)\b/
/** Called in a body or beside it: the words of both runners for not running a test, or for not minding what comes of it. */
const IDLE_CALL = /\b(?<word>skip|todo|fixme)\s*\(|\btest\.(?<fail>fail)\s*\(/g
const OPENING = '([{'
const CLOSING = ')]}'

/** Behind the bracket that closes the one at `from`. */
function closing(masked: string, from: number): number {
  let depth = 0
  for (let at = from; at < masked.length; at += 1) {
    if (OPENING.includes(masked[at] ?? '')) depth += 1
    else if (CLOSING.includes(masked[at] ?? '') && (depth -= 1) === 0) return at + 1
  }
  return masked.length
}

/** The arguments of a call as ranges, without the spaces around them. */
function argumentsOf(masked: string, open: number, end: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  let from = open + 1
  for (let at = from; at < end; at += 1) {
    if (at === end - 1 || masked[at] === ',') {
      const text = masked.slice(from, at)
      if (text.trim() !== '') found.push([from + text.length - text.trimStart().length, from + text.trimEnd().length])
      from = at + 1
    } else if (OPENING.includes(masked[at] ?? '')) at = closing(masked, at) - 1
  }
  return found
}

function idleIn(
  source: string,
  masked: string,
  words: readonly string[],
  args: readonly (readonly [number, number])[],
) {
  const word = words.find((one) => ['skip', 'todo', 'fixme', 'fail', 'only'].includes(one))
  if (word !== undefined) return `is marked .${word}`
  // The title comes first and the body last; what is between them says how to run it.
  for (const [from, to] of args.slice(1, -1)) {
    const members = masked[from] === '{' ? argumentsOf(masked, from, to) : [[from, to] as const]
    const option = members.find(([start]) => !HARMLESS.test(masked.slice(start, to)))
    if (option !== undefined) return `has the option ${source.slice(...option)}`
  }
  return args.length < 2 ? 'has no body' : undefined
}

function callsIn(source: string, masked: string): readonly Call[] {
  return [...masked.matchAll(CALL)].flatMap(({ index, 0: head, groups }): Call[] => {
    const open = index + head.length - 1
    const to = closing(masked, open)
    const args = argumentsOf(masked, open, to)
    const [first] = args
    const quote = first === undefined ? '' : (masked[first[0]] ?? '')
    // Without a title it is no test: `test.skip(condition)`, `test.beforeEach(…)`.
    if (first === undefined || !['"', "'", '`'].includes(quote)) return []
    const words = (groups?.['more'] ?? '').split('.').slice(1)
    const isGroup = groups?.['name'] === 'describe' || groups?.['name'] === 'suite' || words[0] === 'describe'
    const title = source.slice(first[0] + 1, first[1] - 1)
    return [
      { kind: isGroup ? 'describe' : 'test', title, from: index, open, to, idle: idleIn(source, masked, words, args) },
    ]
  })
}

const holds = ({ from, to }: Call, at: number): boolean => from <= at && at < to

/** Every test that a file has, commented ones left out. */
export function testsIn(source: string): readonly FoundTest[] {
  const masked = maskSource(source)
  const calls = callsIn(source, masked)
  const tests = calls.filter(({ kind }) => kind === 'test')
  // The word in the head of a call, as in `test.skip('title', …)`, is about that call alone.
  const stops = [...masked.matchAll(IDLE_CALL)]
    .map(({ index, groups }) => ({ index, word: groups?.['word'] ?? 'fail' }))
    .filter(({ index }) => !calls.some(({ from, open }) => from <= index && index < open))

  /** Called within the test; or beside all tests, in a group around it or nowhere in particular. */
  const stoppedBy = (test: Call): string | undefined =>
    stops.find(({ index }) => {
      if (holds(test, index)) return true
      if (tests.some((other) => holds(other, index))) return false
      return calls.every((group) => !holds(group, index) || holds(group, test.from))
    })?.word

  return tests.map((test) => {
    const around = calls.find((call) => call !== test && holds(call, test.from) && call.idle !== undefined)
    const stop = stoppedBy(test)
    const idle =
      test.idle ?? (around && `stands in «${around.title}», which ${around.idle}`) ?? (stop && `calls ${stop}()`)
    return { title: test.title, idle }
  })
}
