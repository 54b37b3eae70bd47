import type { Ask } from '#src/decision-point.ts'
import type { CaseFacts } from '#src/facts.ts'
import type { AskedResource } from '#src/question.ts'
import type { AssembledCase } from './assembly.ts'
import { isWellFormed } from './well-formed.ts'

/**
 * True when a question is sure to become the very case that a neighbour has become: rows of one search mostly do, and need not
 * be assembled one by one. False says nothing.
 *
 * INVARIANT: the two differ in nothing but the name of the resource, and nothing there goes by names: no block of a document,
 * and no lifted block.
 */
export function isSameCase(
  ask: Ask,
  neighbour: { readonly ask: Ask; readonly made: AssembledCase },
  { patients }: CaseFacts,
): boolean {
  const { subject, circumstance, question } = neighbour.ask
  if (ask.subject !== subject || ask.circumstance !== circumstance) return false
  if (!('resource' in question) || !('resource' in ask.question) || ask.question.action !== question.action)
    return false
  const { resource } = ask.question
  if (resource.id === null || question.resource.id === null) return false
  if (neighbour.made.leaning.glass !== null || !differsInNameAlone(resource, question.resource)) return false
  const blocks = resource.patient === null ? [] : (patients.get(resource.patient)?.blocks ?? [])
  return blocks.every(({ kind }) => kind !== 'document') && isWellFormed(ask)
}

function differsInNameAlone(one: AskedResource, other: AskedResource): boolean {
  const names = Object.keys(one) as (keyof AskedResource)[] // its own keys
  return (
    names.length === Object.keys(other).length && names.every((name) => name === 'id' || isSame(one[name], other[name]))
  )
}

const isSame = (one: AskedResource[keyof AskedResource], other: AskedResource[keyof AskedResource]): boolean =>
  one === other ||
  (Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((entry, index) => entry === other[index]))
