import { OperationOutcomeError } from '@medplum/core'
import type { OperationOutcome } from '@medplum/fhirtypes'

function refusal(code: OperationOutcome['issue'][number]['code'], hint: string): OperationOutcomeError {
  return new OperationOutcomeError({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code, details: { text: hint } }],
  })
}

/** The request says something that cannot be understood. All three are HTTP 400. */
export const badRequest = (hint: string): OperationOutcomeError => refusal('invalid', hint)
/** It is understood, but not offered here (R4 http.html#search, "strict"). */
export const notSupported = (hint: string): OperationOutcomeError => refusal('not-supported', hint)
/** It asks more than one search may carry. */
export const tooCostly = (hint: string): OperationOutcomeError => refusal('too-costly', hint)
