import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { CORPUS_TIME } from './corpus.ts'
import { decisionPointContract } from './decision-point.contract.ts'

decisionPointContract('in process', async (facts) => {
  const point = createDecisionPoint({ facts, rules: OWN_RULES, now: () => CORPUS_TIME, log: () => {} })
  return { point, close: point.close }
})

decisionPointContract('in process with threads', async (facts) => {
  const point = createDecisionPoint({ facts, rules: OWN_RULES, workers: 1, now: () => CORPUS_TIME, log: () => {} })
  return { point, close: point.close }
})
