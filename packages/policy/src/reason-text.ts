import { hasNationalId } from '@uthopp/smart-core/national-id'

/** A justification shorter than this says nothing (norway.md §6.3). */
export const SHORTEST_REASON = 10

/**
 * Counts what a person wrote by hand: blanks at the ends, runs of one character and repeated words count once. A sentence
 * offered as an example counts nothing, nor does a text without a single word, nor one that names somebody by number
 * (CE-36), since the patient reads it. Rules see only this number, never the text.
 */
export function countReasonChars(text: string, templates: readonly string[] = []): number {
  const plain = simplify(text)
  if (templates.some((template) => simplify(template) === plain)) return 0
  const words = plain.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word))
  const distinct = words.filter((word, index) => words.indexOf(word) === index)
  if (!distinct.some(isWord) || hasNationalId(text)) return 0
  const collapsed = distinct.map((word) => collapse(word)).join(' ')
  return Array.from(collapsed).length
}

/** Two letters and more, a vowel among them: `uklar` and `EKG` are words, `12345` and `b` are not. */
const isWord = (word: string): boolean => {
  const letters = word.replaceAll(/[^\p{L}]/gu, '')
  return Array.from(letters).length > 1 && /[aeiouyæøåäöéèêóòôü]/u.test(letters)
}

const simplify = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()

/** `aaaa` is one letter said four times; `asdfasdf` is one word said twice. */
function collapse(word: string): string {
  const single = word.replaceAll(/(.)\1{2,}/gu, '$1')
  const repeated = /^(.{1,8}?)\1+$/u.exec(single)
  return repeated?.[1] ?? single
}
