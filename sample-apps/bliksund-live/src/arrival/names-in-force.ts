import { at, conceptText, type Json, textAt } from '../smart/json.ts'

/** Names of what is active and not refuted, each once. */
export function namesInForce(resources: readonly Json[]): readonly string[] {
  const names = resources
    .filter((resource) => (textAt(resource, 'clinicalStatus', 'coding', 0, 'code') ?? 'active') === 'active')
    .filter(
      (resource) =>
        !['refuted', 'entered-in-error'].includes(textAt(resource, 'verificationStatus', 'coding', 0, 'code') ?? ''),
    )
    .flatMap((resource) => conceptText(at(resource, 'code')) ?? [])
  return [...new Set(names)]
}
