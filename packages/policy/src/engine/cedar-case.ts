import type { Context } from '@cedar-policy/cedar-wasm/nodejs'

export type Uid = { readonly type: string; readonly id: string }

/**
 * A case as Cedar is asked it: one principal with its groups, one resource, flat context.
 *
 * INVARIANT: everything a rule could tell two cases apart by is in here, so equal cases have equal answers.
 */
export type CedarCase = {
  /** Whose rules apply (`Ehr`, `Citizen`, `Backend`): no permit of one is ever one of another. */
  readonly namespace: string
  readonly action: string
  readonly principal: Uid
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string | boolean>>
  readonly resource: Uid
  readonly context: Context
}

export const actionUid = ({ namespace, action }: Pick<CedarCase, 'namespace' | 'action'>): string =>
  `${namespace}::Action::"${action}"`
