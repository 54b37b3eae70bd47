import type { Parameter } from '../definitions/parameters.ts'

export type DatePrefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap'

/** One acceptable value of a parameter. A parameter's tests are alternatives. */
export type Test =
  | { readonly kind: 'token'; readonly system?: string; readonly code?: string }
  /** A token of a derived index, such as `identifier:of-type`. */
  | {
      readonly kind: 'derived-token'
      readonly modifier: 'of-type' | 'identifier'
      readonly system?: string
      readonly code: string
    }
  | { readonly kind: 'reference'; readonly targets: readonly string[] }
  | { readonly kind: 'text'; readonly match: 'starts' | 'contains' | 'exact'; readonly text: string }
  | { readonly kind: 'uri'; readonly match: 'exact' | 'below'; readonly uri: string }
  | { readonly kind: 'date'; readonly prefix: DatePrefix; readonly low: number; readonly high: number }
  | {
      readonly kind: 'number'
      readonly prefix: DatePrefix
      readonly value: number
      /** What the value's number of digits covers (R4 search.html#number). */
      readonly low: number
      readonly high: number
      readonly system?: string
      readonly unit?: string
    }

/** One condition; a search's clauses must all hold. */
export type Clause =
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  | { readonly kind: 'last-updated'; readonly tests: readonly Extract<Test, { kind: 'date' }>[] }
  | {
      readonly kind: 'values'
      readonly parameter: Parameter
      readonly negated: boolean
      readonly tests: readonly Test[]
    }
  | { readonly kind: 'missing'; readonly parameter: Parameter; readonly missing: boolean }
  | {
      readonly kind: 'chain'
      readonly parameter: Parameter
      readonly branches: readonly { readonly type: string; readonly clause: Clause }[]
    }
  /** Resources of type `target` that something passing `clause` points at through `parameter`. */
  | { readonly kind: 'has'; readonly target: string; readonly parameter: Parameter; readonly clause: Clause }
  | { readonly kind: 'compartment'; readonly parameters: readonly Parameter[]; readonly owner: string }

export type SortKey = { readonly by: Parameter | '_id' | '_lastUpdated'; readonly descending: boolean }

export type Inclusion = { readonly parameter: Parameter; readonly targetType?: string; readonly iterate: boolean }

export type Summary = 'false' | 'true' | 'text' | 'data'

/** A whole search, understood: every name in it is a parameter this store has. */
export type SearchPlan = {
  readonly type: string
  readonly clauses: readonly Clause[]
  readonly sort: readonly SortKey[]
  readonly count: number
  readonly offset: number
  readonly total: boolean
  readonly countOnly: boolean
  readonly includes: readonly Inclusion[]
  readonly reverseIncludes: readonly Inclusion[]
  readonly elements: readonly string[] | undefined
  readonly summary: Summary
}

export type QueryPair = readonly [name: string, value: string]
