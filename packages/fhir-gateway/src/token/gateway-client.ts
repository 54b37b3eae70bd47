/** What every authorization server knows this gateway as; its keys are at our `/jwks.json`. */
export const GATEWAY_CLIENT = 'gateway'
