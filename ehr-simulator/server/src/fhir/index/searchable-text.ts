/**
 * Folds text for string search: case and accents do not matter (R4 search.html#string), but å, ø and æ are letters of
 * their own in Norwegian and stay so.
 */
export function fold(text: string): string {
  return text
    .toLocaleLowerCase('nb')
    .normalize('NFD')
    .replace(/(?<!a)\u030A|[\u0300-\u0309\u030B-\u036F]/g, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
}
