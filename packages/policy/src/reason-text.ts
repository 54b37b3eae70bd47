/** A justification shorter than this says nothing (norway.md §6.3). */
export const SHORTEST_REASON = 10

/**
 * Counts what a person wrote by hand: blanks at the ends, runs of one character and repeated words count once, and a
 * sentence offered as an example counts nothing (CE-36). Rules see only this number, never the text.
 */
export function countReasonChars(text: string, templates: readonly string[] = []): number {
  const plain = simplify(text)
  if (templates.some((template) => simplify(template) === plain)) return 0
  const words = plain.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word))
  const distinct = words.filter((word, index) => words.indexOf(word) === index)
  const collapsed = distinct.map((word) => collapse(word)).join(' ')
  return Array.from(collapsed).length
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
