import { isProblem } from '@uthopp/smart-core/problem'
import type { PolicyDeployment } from './deployment.ts'
import { choice, type MemberReader, readMembers, text } from './members.ts'

/** What a trust that says nothing gets: every decision counts. */
export const ENFORCED: PolicyDeployment = { issuance: 'enforce', gateway: 'enforce', host: 'enforce' }

const stage = choice(['enforce', 'log-only', 'off'])

/** Reads what a trust says about its decision point; stages it leaves out are enforced. */
export const policy: MemberReader<PolicyDeployment> = (value, name) => {
  const read = readMembers(value, {
    required: {},
    optional: { issuance: stage, gateway: stage, host: stage, rules: text, pdp: text },
  })
  return isProblem(read) ? { ...read, reason: `${name}: ${read.reason}` } : { ...ENFORCED, ...read }
}
