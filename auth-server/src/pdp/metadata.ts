import { OBLIGATION_TYPES } from '@uthopp/policy/answer'

/** AZ-32. */
export const METADATA_SECONDS = 300

/** The identifier of a trust's decision point, which metadata must repeat character for character (AZ-28). */
export const pdpOf = (issuer: string): string => `${issuer}/pdp`

/**
 * AuthZEN 1.0, "Policy Decision Point Metadata". An endpoint that is not named does not exist: who may see a patient is no
 * question for a process.
 */
export const metadataOf = (issuer: string): Readonly<Record<string, unknown>> => {
  const pdp = pdpOf(issuer)
  return {
    policy_decision_point: pdp,
    access_evaluation_endpoint: `${pdp}/access/v1/evaluation`,
    access_evaluations_endpoint: `${pdp}/access/v1/evaluations`,
    search_resource_endpoint: `${pdp}/access/v1/search/resource`,
    search_action_endpoint: `${pdp}/access/v1/search/action`,
    supported_obligations: OBLIGATION_TYPES,
  }
}
