import { BLOCK_KINDS, type Block } from '@uthopp/policy/facts'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'

/** A block (sperring) and whose it is. */
export type PatientBlock = Block & { readonly patient: string }

/** Reads kind and target together: what a block is about decides how it is named. */
export function parseBlockTarget(kind: string, target: string): Pick<Block, 'kind' | 'target'> | Problem {
  const known = BLOCK_KINDS.find((each) => each === kind)
  if (known === undefined) return problem('kind', `\`kind\` must be one of ${BLOCK_KINDS.join(', ')}`)
  if ((known === 'record') !== (target === ''))
    return problem(
      'target',
      known === 'record' ? 'a whole record has no `target`' : '`target` must name what is blocked',
    )
  if (known === 'document' && isProblem(parseReference(target)))
    return problem('target', '`target` must be a reference of the form Type/id')
  return { kind: known, target }
}
