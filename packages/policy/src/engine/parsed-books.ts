import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { RuleBook } from '#src/rules/rule-book.ts'
import { giveTurn } from '#src/turns.ts'
import { cedar } from './cedar.ts'

/** A book as Cedar has parsed it on this thread. */
export type ParsedBook = {
  readonly version: string
  /** Name of the schema. */
  readonly schema: string
  /** Name of the rules that can match an action, by action. */
  readonly shelves: ReadonlyMap<string, string>
}

/** Cedar keeps what it has parsed under a name for the whole thread and for good (CE-24), so names are used again. */
type Slot = { readonly name: string; schema: string; parsed: ParsedBook | undefined; users: number }

const slots: Slot[] = []
/** Rules change more often than what they are about, and a schema costs as much to parse as a dozen rules. */
const schemas: { readonly name: string; text: string | null }[] = []
const underWay = new Map<string, Promise<ParsedBook | Problem>>()

/** Parses a book at once, or shares what another engine of this thread has parsed of it. */
export function parseBook(book: RuleBook): ParsedBook | Problem {
  const work = parsing(book)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** The same a little at a time, so that others have their turn; several who want the same book wait for one parsing. */
export async function parseBookInTurns(book: RuleBook): Promise<ParsedBook | Problem> {
  for (;;) {
    const current = underWay.get(book.version)
    if (current === undefined) break
    const parsed = await current
    if (isProblem(parsed)) return parsed
    if (share(parsed)) return parsed
  }
  const started = inTurns(parsing(book)).finally(() => underWay.delete(book.version))
  underWay.set(book.version, started)
  return await started
}

/** Whoever has used a parsed book up says so, and its names are free for another. */
export function releaseBook(parsed: ParsedBook): void {
  const slot = slots.find((each) => each.parsed === parsed)
  if (slot) slot.users -= 1
}

function share(parsed: ParsedBook): boolean {
  const slot = slots.find((each) => each.parsed === parsed)
  if (slot) slot.users += 1
  return slot !== undefined
}

async function inTurns(work: Generator<void, ParsedBook | Problem>): Promise<ParsedBook | Problem> {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    await giveTurn()
  }
}

/** Only rules that can match an action are put to it: a call copies its whole set, so half the rules cost half (CE-19). */
function* parsing(book: RuleBook): Generator<void, ParsedBook | Problem> {
  const known = slots.find(({ parsed }) => parsed?.version === book.version)
  if (known?.parsed) {
    known.users += 1
    return known.parsed
  }
  const slot = slots.find(({ users }) => users === 0) ?? addSlot()
  slot.users = 1
  slot.parsed = undefined
  slot.schema = ''
  const give = (reason: string): Problem => {
    slot.users = 0
    return problem('rules', reason)
  }
  const schema = schemaNamed(book.schema)
  if (isProblem(schema)) return give(schema.reason)
  slot.schema = schema
  const setOf = new Map<string, string>()
  const shelves = new Map<string, string>()
  for (const [action, ids] of book.shelves) {
    const contents = ids.join('\n')
    const set = setOf.get(contents) ?? `${slot.name}-${setOf.size}`
    if (!setOf.has(contents)) {
      yield
      const staticPolicies = Object.fromEntries(ids.map((id) => [id, book.rules.get(id) ?? '']))
      const parsed = cedar.preparsePolicySet(set, { staticPolicies })
      if (parsed.type === 'failure') return give(parsed.errors[0]?.message ?? 'the rules cannot be parsed')
      setOf.set(contents, set)
    }
    shelves.set(action, set)
  }
  slot.parsed = { version: book.version, schema, shelves }
  return slot.parsed
}

function addSlot(): Slot {
  const slot: Slot = { name: `uthopp-${slots.length}`, schema: '', parsed: undefined, users: 0 }
  slots.push(slot)
  return slot
}

function schemaNamed(text: string): string | Problem {
  const known = schemas.find((each) => each.text === text)
  if (known) return known.name
  const free = schemas.find(({ name }) => !slots.some(({ schema }) => schema === name))
  const place = free ?? { name: `uthopp-schema-${schemas.length}`, text: null }
  if (free === undefined) schemas.push(place)
  place.text = null
  const parsed = cedar.preparseSchema(place.name, text)
  if (parsed.type === 'failure') return problem('schema', parsed.errors[0]?.message ?? 'the schema cannot be parsed')
  place.text = text
  return place.name
}
