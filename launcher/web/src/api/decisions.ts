/** What the portal shows of decisions; names are the wire's, as `GET /api/launches/<id>/trace` and its neighbours tell them. */
export type TraceEntry = {
  readonly record: string
  readonly at: string
  readonly activity: string
  readonly outcome: string
  readonly source: string
  readonly moment?: string
  readonly enforced?: boolean
  readonly asked?: readonly string[]
  readonly granted?: readonly string[]
  readonly withheld?: readonly { readonly scope: string; readonly code: string }[]
  readonly letters?: readonly string[]
  readonly what?: {
    readonly interaction: string | null
    readonly type: string | null
    readonly count: number | null
  } | null
  readonly reason?: Reason
  readonly policy?: {
    readonly effect: string
    readonly rules: readonly string[]
    readonly version: string
    /** Single facts that would have turned a denial. */
    readonly would_differ: readonly { readonly fact: string; readonly text: { readonly en: string } }[]
  }
}

type Reason = { readonly code: string; readonly text: { readonly en: string } | null }

export type Answer = {
  readonly name: string
  readonly effect: 'permit' | 'deny'
  readonly reason_code: string
  readonly reason_text: { readonly nb: string; readonly en: string }
  readonly rules: readonly string[]
  readonly valid_until?: string
  readonly requestable?: { readonly kind: string; readonly templates: readonly string[] }
}

/** A book's answers, or what is wrong with it. */
export type Book =
  | { readonly version: string; readonly answers: readonly Answer[]; readonly problem?: undefined }
  | { readonly problem: string }

export type WhatIfAnswer = {
  readonly at: string
  readonly facts: { readonly person: PersonFacts | null; readonly patients: readonly PatientFacts[] }
  readonly serving: Book
  readonly candidate?: Book
}

export type PersonFacts = {
  readonly employed: boolean
  readonly licence: { readonly active: boolean; readonly profession: string } | null
  readonly role: { readonly kind: string; readonly unit: string; readonly acute: boolean } | null
}

export type PatientFacts = {
  readonly patient: string
  readonly inCareTeam: boolean
  readonly contactUnits: readonly string[]
  readonly decisions: readonly { readonly id: string; readonly template: string; readonly validUntil: string | null }[]
  readonly blocks: readonly { readonly id: string; readonly kind: string }[]
}

export type Rules = { readonly version: string; readonly rules: Readonly<Record<string, string>> }

export type Replay = {
  readonly version: string
  readonly decisions: number
  readonly not_replayable: number
  readonly changed: readonly {
    readonly record: string
    readonly at: string
    readonly activity: string
    readonly actor: { readonly kind: string; readonly id: string; readonly role: string | null }
    readonly client_id: string | null
    readonly patient: string | null
    readonly about: string
    readonly was: { readonly effect: string; readonly reason_code: string; readonly rules: readonly string[] }
    readonly would_be: { readonly effect: string; readonly rules: readonly string[] }
  }[]
}
