import type { Asking } from '#src/answer/asking.ts'
import { assemble } from '#src/case/assemble.ts'
import { BLOCKING } from '#src/case/labels.ts'
import type { Ask } from '#src/decision-point.ts'
import type { Block, CaseFacts } from '#src/facts.ts'

/**
 * What of a patient's data a subject may hear to be blocked.
 *
 * - `nothing`: whoever cannot lift a block never hears of one.
 * - `anything`: only a decision on each resource tells.
 * - otherwise the resources with these names (`Type/id`), and those that bear a label of this system.
 */
export type Blockable = 'nothing' | 'anything' | { readonly names: readonly string[]; readonly labelSystem: string }

/** It decides nothing: it says where a block would have to be looked for. Whatever is found is decided on. */
export function blockableFor(ask: Ask, facts: CaseFacts, at: Date, asking: Asking): Blockable {
  const made = assemble(ask, facts, at)
  if (made.kind === 'fault' || !('resource' in ask.question)) return 'anything'
  if (asking.glass(made.asked, ask.circumstance.acr) === null) return 'nothing'
  const { patient } = ask.question.resource
  const blocks = patient === null ? undefined : facts.patients.get(patient)?.blocks
  if (blocks === undefined || blocks.some((block) => keepsMore(block, facts))) return 'anything'
  return { names: blocks.flatMap(({ kind, target }) => (kind === 'document' ? [target] : [])), labelSystem: BLOCKING }
}

/** True of a block that concerns this person and says by more than names what it keeps. */
function keepsMore({ kind, target }: Block, { person }: CaseFacts): boolean {
  switch (kind) {
    case 'document':
      return false
    case 'employee':
      return person === null || person.user === target
    case 'profession':
      return person === null || person.licence?.profession === target
    case 'record':
    case 'unit':
      return true
    default:
      return kind satisfies never
  }
}
