import { newTrace, tracedFetch } from '@uthopp/server-kit/trace'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { notReady } from '#src/http/refusals.ts'
import type { JsonObject } from '#src/json.ts'
import { remembered } from '#src/remembered.ts'
import type { Trust } from '#src/trust.ts'

/** contracts.md §5: served under the FHIR base, at most this old. */
const FRESH_MS = 60_000
const MOST_TRUSTS = 1000

/** The SMART configuration of one trust, as its authorization server writes it. */
export type SmartConfigurations = (trust: Trust) => Promise<JsonObject>

/** Fetches each trust's configuration from its issuer, and serves nothing when it cannot be had: an old one could point anywhere. */
export function createSmartConfigurations(options: { readonly now: () => Date }): SmartConfigurations {
  const remember = remembered<JsonObject>({ forMs: FRESH_MS, limit: MOST_TRUSTS, now: options.now })
  return (trust) => remember(trust.orgnr, () => fetchConfiguration(trust))
}

async function fetchConfiguration(trust: Trust): Promise<JsonObject> {
  try {
    const answer = await tracedFetch(newTrace(), `${trust.issuer}/.well-known/smart-configuration`)
    const document: unknown = answer.ok ? await answer.json() : undefined
    if (isRecord(document)) return document
  } catch (cause) {
    throw notReady('the authorization server does not answer', cause)
  }
  throw notReady('the authorization server has no configuration yet')
}
