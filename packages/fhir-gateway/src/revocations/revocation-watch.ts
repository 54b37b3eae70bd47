import { requestToken } from '@uthopp/server-kit/client-credentials'
import { type FollowedStream, followStream } from '@uthopp/server-kit/follow-stream'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Log } from '@uthopp/server-kit/log'
import { newTrace } from '@uthopp/server-kit/trace'
import { invalidToken, revocationsUnknown } from '#src/http/refusals.ts'
import { GATEWAY_CLIENT } from '#src/token/gateway-client.ts'
import type { Trust } from '#src/trust.ts'
import { createRevokedTokens, type RevokedTokens, type TokenIdentity } from './revoked-tokens.ts'
import { parseStreamLine, type Revocation } from './stream-line.ts'

/** What the gateway knows of tokens that died before they expired. */
export type RevocationWatch = {
  /** Refuses a revoked token with 401, and any token with 503 while it cannot be known whether it is revoked. */
  readonly requireAlive: (trust: Trust, token: TokenIdentity) => void
  readonly isFresh: (trust: Trust) => boolean
  /** Nothing is fresh before this. */
  readonly start: () => void
  readonly close: () => void
}

/** About 50 MB; a busy trust ends a tenth of this many launches within the time a token lives. */
const MOST_REVOCATIONS = 500_000

type Watched = { readonly revoked: RevokedTokens; stream: FollowedStream | undefined }

/** Follows the stream of every trust. Tokens of a trust are judged by its own stream and no other. */
export function createRevocationWatch(options: {
  readonly trusts: Iterable<Trust>
  readonly key: SigningKey
  readonly log: Log
  /** How long a stream may be silent before nothing it said counts any more (contracts.md §5). */
  readonly silenceMs: number
  /** Told beside what is remembered here, for those who remember more of a grant. */
  readonly onRevocation: (trust: Trust, revocation: Revocation) => void
}): RevocationWatch {
  const { key, log, silenceMs } = options
  const trusts = [...options.trusts]
  const watched = new Map<string, Watched>(
    trusts.map(({ orgnr }) => [
      orgnr,
      {
        revoked: createRevokedTokens({ limit: MOST_REVOCATIONS, ticks: () => performance.now() }),
        stream: undefined,
      },
    ]),
  )
  const isFresh = ({ orgnr }: Trust): boolean => watched.get(orgnr)?.stream?.isFresh() ?? false
  return {
    isFresh,
    requireAlive(trust, token) {
      const revoked = watched.get(trust.orgnr)?.revoked
      if (revoked === undefined || revoked.covers(token)) throw invalidToken()
      if (!isFresh(trust)) throw revocationsUnknown()
    },
    start() {
      for (const trust of trusts) {
        const watch = watched.get(trust.orgnr)
        if (watch === undefined || watch.stream !== undefined) continue
        watch.stream = followStream({
          name: 'revocation-stream',
          tenant: trust.orgnr,
          url: `${trust.issuer}/revocations`,
          authorization: (limits) => authorizationOf(trust, key, limits),
          log,
          silenceMs,
          parse: parseStreamLine,
          onEvent: (revocation) => {
            watch.revoked.add(revocation)
            options.onRevocation(trust, revocation)
          },
        })
      }
    },
    close() {
      for (const { stream } of watched.values()) stream?.close()
    },
  }
}

async function authorizationOf(
  { issuer }: Trust,
  key: SigningKey,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string> {
  const credentials = { issuer, clientId: GATEWAY_CLIENT, key, scope: '__revocations', now: () => new Date() }
  return `Bearer ${(await requestToken(newTrace(), credentials, limits)).token}`
}
