import { createFactCache } from '@uthopp/policy/fact-cache'
import { parseFactLine } from '@uthopp/policy/fact-line'
import type { FactSource } from '@uthopp/policy/facts'
import { createHttpFacts } from '@uthopp/policy/http-facts'
import { followStream } from '@uthopp/server-kit/follow-stream'
import type { OpenPolicy } from './open-policy.ts'

/** Contracts §5: facts are not used at all while the change stream is silent for longer. */
const FACTS_SILENCE_MS = 2000

export type HostFacts = FactSource & {
  /** True once the host has been heard at all. */
  readonly wasHeard: () => boolean
  readonly isFresh: () => boolean
}

/** The token alone, where somebody else writes the header. */
const tokenOf = async (authorization: Promise<string>): Promise<string> => (await authorization).replace(/^Bearer /, '')

/** The host's facts, remembered for a moment and only while the host is heard to say what changes. */
export function followHostFacts({
  address,
  tenant,
  timeoutMs,
  signer,
  log,
  now,
  stopping,
}: Pick<Parameters<OpenPolicy>[0], 'signer' | 'log' | 'now' | 'stopping'> & {
  readonly address: string
  readonly tenant: string
  readonly timeoutMs: number
}): HostFacts {
  const authorization = () => signer.bearer(address, '__facts.read')
  const bearer = () => tokenOf(authorization())
  const cache = createFactCache({ source: createHttpFacts({ address: () => address, bearer, timeoutMs, now }), now })
  let heard = false
  const stream = followStream({
    name: 'fact-stream',
    tenant,
    url: `${address}/changes`,
    authorization,
    log,
    silenceMs: FACTS_SILENCE_MS,
    parse: parseFactLine,
    onEvent: cache.noteChange,
    onHeartbeat() {
      heard = true
      cache.noteAlive()
    },
  })
  stopping.addEventListener('abort', stream.close)
  return {
    wasHeard: () => heard,
    isFresh: cache.isFresh,
    read: cache.read,
  }
}
