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

type Remembered = {
  /** `dead`: the token it was asked with was over or revoked. That says nothing of other tokens of the same grant. */
  readonly answer: Promise<LaunchFacts | 'dead' | undefined>
  readonly token: string
  readonly client: string
  readonly until: number
}

/** Asks once a grant, or once a client where nobody granted anything; many requests share one question. */
export function createGrantFacts(options: { readonly introspect: Introspect; readonly now: () => Date }): GrantFacts {
  const known = new Map<string, Remembered>()

  async function ask(trace: Trace, trust: Trust, token: string): Promise<LaunchFacts | 'dead' | undefined> {
    const members = await options.introspect(trace, trust, token)
    return members['active'] === true ? parseLaunchFacts(members['grant']) : 'dead'
  }

  function remember(key: string, entry: Remembered): void {
    known.delete(key)
    const oldest = known.keys().next()
    if (known.size >= MOST_REMEMBERED && !oldest.done) known.delete(oldest.value)
    known.set(key, entry)
  }

  async function read(
    trace: Trace,
    trust: Trust,
    token: string,
    key: string,
    client: string,
  ): Promise<LaunchFacts | undefined> {
    const now = options.now().getTime()
    const found = known.get(key)
    const entry =
      found !== undefined && now < found.until
        ? found
        : { answer: ask(trace, trust, token), token, client, until: now + REMEMBERED_MS }
    if (entry !== found) remember(key, entry)
    const forget = (): void => {
      if (known.get(key) === entry) known.delete(key)
    }
    try {
      const answer = await entry.answer
      if (answer === 'dead') {
        forget()
        if (entry.token === token) throw invalidToken() // it died, and the stream will say so
        return await read(trace, trust, token, key, client)
      }
      if (answer === undefined) forget()
      return answer
    } catch (error) {
      forget()
      throw error
    }
  }

  return {
    read: (trace, trust, token, verified) =>
      verified.grant === undefined
        ? read(trace, trust, token, keyOf(trust, verified), clientOf(trust, verified))
        : Promise.resolve(verified.grant),
    drop(trust, { kind, id }) {
      if (kind === 'grant') known.delete(`${trust.orgnr} grant ${id}`)
      // What a client may do has changed for every grant it holds.
      if (kind === 'client')
        for (const [key, { client }] of known) if (client === `${trust.orgnr} client ${id}`) known.delete(key)
    },
  }
}

const keyOf = (trust: Trust, { identity }: VerifiedToken): string =>
  identity.grantId === undefined ? clientOf(trust, { identity }) : `${trust.orgnr} grant ${identity.grantId}`

const clientOf = (trust: Trust, { identity }: Pick<VerifiedToken, 'identity'>): string =>
  `${trust.orgnr} client ${identity.clientId}`
