/** Reading members of data whose FHIR type the search expression has promised but TypeScript cannot know. */
export type Members = Readonly<Record<string, unknown>>

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

export const texts = (value: unknown): readonly string[] =>
  list(value).filter((each): each is string => text(each) !== undefined)
