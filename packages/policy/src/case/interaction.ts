import type { AskedResource, DataAction, Letter } from '#src/question.ts'

const LETTER: Readonly<Record<DataAction, Letter>> = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' }

/** Rules cannot join strings, so what a token must hold is spelt out for them (CE-3). */
export const grantsAsked = (action: DataAction, type: string, grants: readonly string[]) => ({
  requiredGrant: `${type}.${LETTER[action]}`,
  anyTypeGrant: `*.${LETTER[action]}`,
  grants: [...new Set(grants)].sort(),
})

export const itemOf = ({ type, id }: AskedResource): string => (id === null ? type : `${type}/${id}`)
