import { PropertyType, type TypedValue } from '@medplum/core'
import type { IndexEntries } from './index-entries.ts'
import { isMembers, list, text } from './members.ts'
import { fold } from './searchable-text.ts'

type Found = Pick<IndexEntries, 'tokens' | 'derivedTokens' | 'strings'>
type Token = IndexEntries['tokens'][number]

/** Codes compare without regard to case, systems exactly (R4 search.html#token). */
export const foldCode = (code: string): string => code.toLowerCase()

function codingToken(coding: unknown): readonly Token[] {
  if (!isMembers(coding)) return []
  const [system, code] = [text(coding['system']), text(coding['code'])]
  return system === undefined && code === undefined ? [] : [{ system: system ?? '', code: foldCode(code ?? '') }]
}

function tokensIn({ type, value }: TypedValue): {
  readonly tokens: readonly Token[]
  readonly words: readonly (string | undefined)[]
} {
  if (!isMembers(value)) return { tokens: [{ system: '', code: foldCode(String(value)) }], words: [] }
  if (type === PropertyType.CodeableConcept) {
    const codings = list(value['coding'])
    const words = [
      text(value['text']),
      ...codings.map((coding) => (isMembers(coding) ? text(coding['display']) : undefined)),
    ]
    return { tokens: codings.flatMap(codingToken), words }
  }
  if (type === PropertyType.Coding) return { tokens: codingToken(value), words: [text(value['display'])] }
  // Identifier and ContactPoint: both have `system` and `value`. A telephone's system ("phone") is a use, and works as one.
  const code = text(value['value'])
  const tokens = code === undefined ? [] : [{ system: text(value['system']) ?? '', code: foldCode(code) }]
  return { tokens, words: isMembers(value['type']) ? [text(value['type']['text'])] : [] }
}

/** `identifier:of-type=system|code|value`: the type's coding, and its code with the identifier's value. */
function ofTypeTokens({ type, value }: TypedValue): IndexEntries['derivedTokens'] {
  if (type !== PropertyType.Identifier || !isMembers(value) || !isMembers(value['type'])) return []
  const identifier = text(value['value'])
  if (identifier === undefined) return []
  return list(value['type']['coding'])
    .flatMap(codingToken)
    .map(({ system, code }) => ({ modifier: 'of-type', system, code: `${code}|${foldCode(identifier)}` }))
}

export function tokensOf(values: readonly TypedValue[]): Found {
  const found = values.map(tokensIn)
  return {
    tokens: found.flatMap(({ tokens }) => tokens),
    derivedTokens: values.flatMap(ofTypeTokens),
    strings: found.flatMap(({ words }) =>
      words.flatMap((word) => (word === undefined ? [] : [{ folded: fold(word), exact: word }])),
    ),
  }
}
