import type { Answer } from '@uthopp/policy/answer'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'

/** What of a denial anybody may hear who is denied (norway.md §6.4.4): code, sentence, what could be asked for, correlation id. */
export class PolicyRefusal extends Refusal {
  readonly text: Answer['reasonText']
  /** Templates of decisions the person could make in the host; codes only, the host has the words. */
  readonly templates: readonly string[]
  readonly correlationId: string

  constructor(status: 403 | 503, answer: Answer, { traceId }: Trace) {
    super(status, answer.reasonCode, answer.reasonText.en, status === 503 ? { headers: { 'retry-after': '2' } } : {})
    this.text = answer.reasonText
    this.templates = answer.requestable?.kind === 'decision' ? answer.requestable.templates : []
    this.correlationId = traceId
  }
}

/** The person's standing is in the way. */
export const refusedByPolicy = (answer: Answer, trace: Trace): PolicyRefusal => new PolicyRefusal(403, answer, trace)

/** Nothing was decided: what a decision rests on cannot be had, and nothing is taken for a yes (AZ-38). */
export const undecided = (answer: Answer, trace: Trace): PolicyRefusal => new PolicyRefusal(503, answer, trace)
