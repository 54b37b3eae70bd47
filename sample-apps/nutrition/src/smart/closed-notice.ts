import type { Failure } from './failure.ts'
import { type FailureWords, failureWords } from './failure-words.ts'
import type { Part } from './part.ts'

/** A part of the screen by the name it has there. */
export type NamedPart = { readonly title: string; readonly part: Part<unknown> }

export type ClosedNotice = FailureWords & {
  /** Reading again may help: something could not be read, rather than may not be. */
  readonly again: boolean
}

/** One message about every part that is not shown; undefined when all were read. */
export function closedNotice(parts: readonly NamedPart[]): ClosedNotice | undefined {
  const closed = parts.flatMap(({ title, part }) => (part.kind === 'closed' ? [{ title, failure: part.failure }] : []))
  if (closed.length === 0) return undefined
  const refused = closed.flatMap(({ title, failure }) => (failure.kind === 'no-access' ? [{ title, failure }] : []))
  const unread = closed.filter(({ failure }) => failure.kind !== 'no-access')
  const references = [...new Set(closed.flatMap(({ failure }) => referenceOf(failure)))]
  const reasons = new Set(refused.flatMap(({ failure }) => failureWords(failure).sentences.slice(0, 1)))
  const sentences = [
    ...(unread.length === 0 ? [] : [`Kunne ikke leses: ${listed(unread)}.`]),
    ...(refused.length === 0 ? [] : [`Ingen tilgang: ${listed(refused)}.`]),
    ...reasons,
    ...(references.length === 0 ? [] : [`Oppgi til brukerstøtte: ${references.slice(0, MOST_REFERENCES).join(', ')}`]),
  ]
  const again = unread.length > 0
  return {
    title: again ? 'Noe mangler på denne siden' : 'Du ser ikke alt',
    sentences,
    tone: again ? 'error' : 'warning',
    again,
  }
}

/** One leads support to the rest: they belong to one launch. */
const MOST_REFERENCES = 1

const listed = (parts: readonly { readonly title: string }[]): string => parts.map(({ title }) => title).join(', ')

const referenceOf = (failure: Failure): readonly string[] =>
  'correlationId' in failure && failure.correlationId !== '' ? [failure.correlationId] : []
