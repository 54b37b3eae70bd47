import type { Trace } from '@uthopp/server-kit/trace'
import { invalidToken } from '#src/http/refusals.ts'
import type { Revocation } from '#src/revocations/stream-line.ts'
import type { Trust } from '#src/trust.ts'
import type { Introspect } from './introspection.ts'
import { type LaunchFacts, parseLaunchFacts } from './launch-facts.ts'
import type { VerifiedToken } from './read-claims.ts'

/** What the issuer knows of the launch behind a token that says so little itself. */
export type GrantFacts = {
  readonly read: (
    trace: Trace,
    trust: Trust,
    token: string,
    verified: VerifiedToken,
  ) => Promise<LaunchFacts | undefined>
  /** What died is not remembered. */
  readonly drop: (trust: Trust, revocation: Revocation) => void
}

/** A launch does not change, but an app's zone and right to write do: asked again this often. */
const REMEMBERED_MS = 300_000
const MOST_REMEMBERED = 20_000

type Remembered = { readonly facts: Promise<LaunchFacts | undefined>; readonly until: number }

/** Asks once a grant, or once a client where nobody granted anything; many requests share one question. */
export function createGrantFacts(options: { readonly introspect: Introspect; readonly now: () => Date }): GrantFacts {
  const known = new Map<string, Remembered>()

  function forget(key: string, entry: Remembered): void {
    if (known.get(key) === entry) known.delete(key)
  }

  async function ask(trace: Trace, trust: Trust, token: string, nothing: () => void): Promise<LaunchFacts | undefined> {
    try {
      const members = await options.introspect(trace, trust, token)
      if (members['active'] !== true) throw invalidToken() // it died, and the stream will say so
      const facts = parseLaunchFacts(members['grant'])
      if (facts === undefined) nothing()
      return facts
    } catch (error) {
      nothing()
      throw error
    }
  }

  return {
    read(trace, trust, token, verified) {
      if (verified.grant !== undefined) return Promise.resolve(verified.grant)
      const key = keyOf(trust, verified)
      const now = options.now().getTime()
      const entry = known.get(key)
      if (entry !== undefined && now < entry.until) return entry.facts
      known.delete(key)
      const oldest = known.keys().next()
      if (known.size >= MOST_REMEMBERED && !oldest.done) known.delete(oldest.value)
      const fresh: Remembered = {
        facts: ask(trace, trust, token, () => forget(key, fresh)),
        until: now + REMEMBERED_MS,
      }
      known.set(key, fresh)
      return fresh.facts
    },
    drop(trust, { kind, id }) {
      if (kind === 'grant' || kind === 'client') known.delete(`${trust.orgnr} ${kind} ${id}`)
    },
  }
}

const keyOf = (trust: Trust, { identity }: VerifiedToken): string =>
  identity.grantId === undefined
    ? `${trust.orgnr} client ${identity.clientId}`
    : `${trust.orgnr} grant ${identity.grantId}`
