import type { AuditDetail, AuditedPolicy } from '@uthopp/audit/record'
import type { Answer } from '@uthopp/policy/answer'

/** What policy answered, as the log keeps it whole; null where it was not asked. */
export const auditedPolicy = (answer: Answer | undefined): AuditedPolicy | null =>
  answer === undefined
    ? null
    : {
        decisionId: answer.decisionId,
        version: answer.policyVersion,
        effect: answer.effect,
        rules: answer.rules,
        reasonCode: answer.reasonCode,
        trace: answer.trace,
      }

/** Why policy said no, in its own sentences, for whoever explains it. */
export const reasonDetail = (answer: Answer | undefined): AuditDetail =>
  answer?.effect === 'deny' ? { reasonNb: answer.reasonText.nb, reasonEn: answer.reasonText.en } : {}
