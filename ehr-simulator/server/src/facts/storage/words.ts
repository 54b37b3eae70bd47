/** Reads a list of words kept as JSON. What this program did not write is no list, and gives nothing. */
export function parseWords(kept: string): readonly string[] {
  const value: unknown = JSON.parse(kept)
  return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : []
}
