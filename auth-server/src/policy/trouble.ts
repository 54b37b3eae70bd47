import type { Answer } from '@uthopp/policy/answer'
import { isTrouble } from '@uthopp/policy/trouble'

/** The code of what keeps the decision point from deciding; undefined when it decided. */
export const troubleIn = (answers: readonly Answer[]): string | undefined => answers.find(isTrouble)?.reasonCode
