import { assemble } from '#src/case/assemble.ts'
import type { CedarCase } from '#src/engine/cedar-case.ts'
import { CORPUS_TIME, corpus, toAsk } from './corpus.ts'
import rows from './belts/belts.json' with { type: 'json' }
import slips from './belts/slips.json' with { type: 'json' }

/**
 * Cases the assembler never makes, because it has looked already: an ended decision, another patient's.
 * The rules must refuse them all the same, or a mistake in one of the two would open the record. `slips.json` has a case for
 * each threshold and each member of a list that no row of the corpus stands on.
 */
export type Belt = {
  readonly id: string
  readonly asked: CedarCase
  readonly effect: string
  readonly rules: readonly string[]
}

type Written = Omit<Belt, 'asked'> & {
  readonly base: string
  readonly context: object
  readonly groups?: readonly string[]
}
const written: readonly Written[] = [...rows, ...slips]

export const belts: readonly Belt[] = written.map(({ id, base, context, groups, effect, rules }) => {
  const row = corpus.find((each) => each.id === base)
  if (!row) throw new Error(`no case ${base}`)
  const { ask, facts } = toAsk(row)
  const made = assemble(ask, facts, CORPUS_TIME)
  if (made.kind === 'fault') throw new Error(`${base} is no case`)
  const { asked } = made
  return {
    id,
    effect,
    rules,
    asked: { ...asked, groups: groups ?? asked.groups, context: merge(asked.context, context) },
  }
})

function merge(context: CedarCase['context'], over: object): CedarCase['context'] {
  const merged: Record<string, unknown> = { ...context }
  for (const [name, value] of Object.entries(over)) {
    if (value === null) {
      delete merged[name]
      continue
    }
    const held = merged[name]
    const both =
      typeof value === 'object' && value !== null && !Array.isArray(value) && typeof held === 'object' && held !== null
    merged[name] = both ? { ...held, ...value } : value
  }
  return merged as CedarCase['context'] // JSON over JSON
}
