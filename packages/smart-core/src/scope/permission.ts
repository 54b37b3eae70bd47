/** The letters of a SMART v2 scope, in the only order the grammar accepts. */
export const PERMISSIONS = ['c', 'r', 'u', 'd', 's'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** What a request does to data, before it is spelled as a letter. */
export type Verb = 'create' | 'read' | 'update' | 'delete' | 'search'

export const LETTER_OF = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' } as const satisfies Record<
  Verb,
  Permission
>
