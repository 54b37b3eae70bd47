/** The first member of an object that its format does not know. */
export function membersBeyond(value: Readonly<Record<string, unknown>>, known: readonly string[]): string | undefined {
  return Object.keys(value).find((member) => !known.includes(member))
}
