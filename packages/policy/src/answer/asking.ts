import type { Requestable } from '#src/answer.ts'
import type { Principal } from '#src/case/principal.ts'
import type { Engine } from '#src/engine/engine.ts'

/** What a person may choose when nothing else fits, and the purposes it comes with (norway.md §6.3). */
const OFFERED: readonly { readonly template: string; readonly purposes: readonly string[] }[] = [
  { template: 'TILSYN', purposes: ['TREAT'] },
  { template: 'DELBEHAN', purposes: ['TREAT'] },
  { template: 'HENV_PAS', purposes: ['TREAT', 'COC'] },
  { template: 'HENV_PAA', purposes: ['TREAT', 'COC'] },
  { template: 'HENV_BEH', purposes: ['TREAT', 'COC'] },
  { template: 'MELDT', purposes: ['ETREAT'] },
  { template: 'BLAALYS', purposes: ['ETREAT'] },
]

/** What could be asked for, by the rules' own word: each offer is tried as if well justified. */
export type Asking = {
  readonly decision: (who: Principal, acr: number) => Requestable | null
  readonly glass: (who: Principal, acr: number) => Requestable | null
}

export function createAsking(engine: Engine): Asking {
  const known = new Map<string, readonly string[]>()

  function tried(
    who: Principal,
    acr: number,
    action: 'selfAuthorize' | 'breakGlass',
    template: string,
    purpose: string,
  ): boolean {
    const justified = { reasonChars: 1000, confirmed: true, items: ['DocumentReference/some'], patient: 'some' }
    const context = { acr, purpose, template, ...justified }
    return (
      engine.evaluate({ ...who, action, resource: { type: 'Ehr::Patient', id: 'some' }, context }).effect === 'permit'
    )
  }

  /** The same for everyone with the same role, licence and sign-in, until the book changes. */
  function remembered(who: Principal, acr: number, kind: string, find: () => readonly string[]): readonly string[] {
    const { groups, attributes } = who
    const key = JSON.stringify([kind, engine.version(), groups, attributes, acr])
    const found = known.get(key) ?? find()
    if (known.size > 500) known.clear()
    known.set(key, found)
    return found
  }

  return {
    decision: (who, acr) => {
      if (who.namespace !== 'Ehr') return null
      const templates = remembered(who, acr, 'decision', () =>
        OFFERED.filter(({ template, purposes }) =>
          purposes.some((purpose) => tried(who, acr, 'selfAuthorize', template, purpose)),
        ).map(({ template }) => template),
      )
      return templates.length === 0 ? null : { kind: 'decision', templates }
    },
    glass: (who, acr) => {
      if (who.namespace !== 'Ehr') return null
      const templates = remembered(who, acr, 'glass', () =>
        tried(who, acr, 'breakGlass', 'BTG', 'BTG') ? ['BTG'] : [],
      )
      return templates.length === 0 ? null : { kind: 'break-glass', templates }
    },
  }
}
