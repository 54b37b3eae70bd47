import { isRecord } from '@uthopp/smart-core/fhir/resource'

/**
 * What the authorization server knows of the launch a token came from, and tells nobody but the gateway (contracts.md §6: no
 * token carries it). Roles, purposes and decisions are the host's word; an app has none in it.
 */
export type LaunchFacts = {
  readonly launchId: string | null
  readonly userKind: 'clinician' | 'citizen' | 'client'
  /** The active role; null for those who have none. */
  readonly role: string | null
  /** The decision the person chose to lean on. */
  readonly decision: string | null
  readonly purpose: string | null
  readonly acr: number
  readonly zone: 'internal' | 'external'
  readonly mayWrite: boolean
}

const USER_KINDS = ['clinician', 'citizen', 'client'] as const

/**
 * Reads the `grant` member of an introspection answer; `undefined` when it is not there or not understood.
 *
 * What restricts is required, and what is missing is never filled in with something that opens: no zone is `external`.
 */
export function parseLaunchFacts(value: unknown): LaunchFacts | undefined {
  if (!isRecord(value)) return undefined
  const userKind = USER_KINDS.find((known) => known === value['user_kind'])
  const { acr } = value
  if (userKind === undefined || typeof acr !== 'number' || !Number.isInteger(acr)) return undefined
  return {
    launchId: textOrNull(value['launch']),
    userKind,
    role: textOrNull(value['role']),
    decision: textOrNull(value['decision']),
    purpose: textOrNull(value['purpose']),
    acr,
    zone: value['zone'] === 'internal' ? 'internal' : 'external',
    mayWrite: value['may_write'] === true,
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
