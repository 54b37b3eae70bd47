import { isProblem } from '@uthopp/smart-core/problem'
import type { DecisionTrace } from '#src/answer.ts'
import { parseTrace } from '#src/case/trace.ts'
import type { Engine, Verdict } from '#src/engine/engine.ts'

/** A stored decision that another book would make otherwise. */
export type Changed = {
  /** Which of the traces it is. */
  readonly index: number
  readonly trace: DecisionTrace
  readonly before: Verdict
  readonly after: Verdict
  /** `effect`: somebody gains or loses access. `rules`: the same answer for other reasons. */
  readonly what: 'effect' | 'rules'
}

export type Comparison = {
  readonly compared: number
  /** Questions that never became a case, or whose facts the other book has no words for. */
  readonly skipped: number
  readonly changed: readonly Changed[]
}

/** Puts stored cases to two rule books and lists every answer that differs, gained and lost access first. */
export function compareBooks(
  traces: readonly DecisionTrace[],
  before: Pick<Engine, 'evaluate'>,
  after: Pick<Engine, 'evaluate'>,
): Comparison {
  const changed: Changed[] = []
  let skipped = 0
  for (const [index, trace] of traces.entries()) {
    const asked = parseTrace(trace)
    if (isProblem(asked)) {
      skipped += 1
      continue
    }
    const [one, other] = [before.evaluate(asked), after.evaluate(asked)]
    if (one.fault !== null && other.fault !== null) skipped += 1
    else if (one.effect !== other.effect) changed.push({ index, trace, before: one, after: other, what: 'effect' })
    else if (one.rules.join() !== other.rules.join())
      changed.push({ index, trace, before: one, after: other, what: 'rules' })
  }
  const ordered = [
    ...changed.filter(({ what }) => what === 'effect'),
    ...changed.filter(({ what }) => what === 'rules'),
  ]
  return { compared: traces.length - skipped, skipped, changed: ordered }
}
