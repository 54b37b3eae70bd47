import type { TraceEntry } from '../api/decisions.ts'
import { lettersLost } from './withheld.ts'

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['read', 'r'],
  ['vread', 'r'],
  ['history-instance', 'r'],
  ['search', 's'],
  ['search-type', 's'],
  ['create', 'c'],
  ['update', 'u'],
  ['patch', 'u'],
  ['delete', 'd'],
])

/** Why a request was refused before policy was asked: the record has no rule of the book then, but the grant tells. */
export function whyRefused({ outcome, reason, what }: TraceEntry, granted: readonly string[]): string {
  if (outcome !== 'refused' || reason !== undefined || !what?.type) return ''
  const letter = LETTERS.get(what.interaction ?? '')
  if (letter === undefined) return 'refused before policy was asked'
  const scopes = ['patient', 'user', 'system'].map((level) => `${level}/${what.type}.${letter}`)
  if (scopes.every((scope) => lettersLost(scope, granted).length > 0))
    return `no granted scope covers this; ${scopes[0]} would`
  return 'refused before policy was asked: the answer of the gateway says what is wrong with the request'
}
