import { DATA_ACTIONS } from '@uthopp/policy/question'

/**
 * What each enforcement point may ask about (AZ-37): it is believed in everything it says, so it says only what is its own to
 * know.
 */
const ALLOWED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['host', new Set([...DATA_ACTIONS, 'launch', 'selfAuthorize', 'breakGlass'])],
  // An authorization server elsewhere that leaves deciding to this one.
  ['issuance', new Set(['launch', 'grantScope'])],
])

/** A gateway, whoever runs it. */
const DATA_ONLY: ReadonlySet<string> = new Set(DATA_ACTIONS)

export const mayAskAbout = (clientId: string, action: string): boolean =>
  (ALLOWED.get(clientId) ?? DATA_ONLY).has(action)
