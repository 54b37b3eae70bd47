import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { addressOf, refuseUntil } from './caller.ts'
import { type Claim, claimOf, grantGiven } from './claim.ts'
import type { Limits } from './limits.ts'
import { createWindows, type Wait } from './windows.ts'

const HINT = 'too many failed attempts; try again later'

/**
 * Counts failures by the client that is claimed and the address they come from, so that nobody's guesses close the door on
 * another client, or on the same client elsewhere.
 */
export function createCallerLimits(deps: {
  readonly issuer: string
  readonly rows: OidcRows
  readonly limits: Limits
  readonly events: LaunchEvents
  readonly now: () => Date
}) {
  const { issuer, rows, limits, events, now } = deps
  const failures = createWindows({ perMinute: limits.failuresPerMinute, now })
  const signIns = createWindows({ perMinute: limits.refusedSignInsPerMinute, now })

  const isKnown = async (body: Buffer): Promise<boolean> => {
    const given = grantGiven(body)
    return given === undefined || (await rows.find(given.model, given.value)) !== undefined
  }

  /** A secret may be right next time and has to wait; a code or token that exists is never kept waiting. */
  const mustWait = async (claim: Claim, wait: Wait | undefined, body: Buffer): Promise<Wait | undefined> =>
    wait !== undefined && (claim.kind === 'credentials' || !(await isKnown(body))) ? wait : undefined

  return {
    /** Answers a request that may fail for what it shows, unless too many like it have. */
    async watch(ctx: AppContext, body: Buffer, answer: () => Promise<void>): Promise<void> {
      const claim = claimOf(ctx.get('authorization'), body)
      if (claim === undefined) return answer()
      const key = [claim.kind, claim.clientId, addressOf(ctx, issuer)].join('\n')
      const wait = await mustWait(claim, failures.waitOf(key), body)
      if (wait !== undefined) refuseUntil(wait, HINT)
      try {
        await answer()
        note(ctx.res.statusCode)
      } catch (error) {
        if (error instanceof Refusal) note(error.status)
        throw error
      }

      function note(status: number): void {
        const failed = status === 401 || (claim?.kind === 'grant' && status === 400)
        if (failed && failures.count(key))
          events.alarm('authentication-limited', { correlationId: ctx.state.trace.traceId })
      }
    },

    /** How long this address may not try to sign anybody in: passwords of many people are guessed from one place. */
    signInWait: (ctx: AppContext): Wait | undefined => signIns.waitOf(addressOf(ctx, issuer)),
    signInRefused(ctx: AppContext): void {
      if (signIns.count(addressOf(ctx, issuer)))
        events.alarm('sign-in-limited', { correlationId: ctx.state.trace.traceId })
    },
  }
}

export type CallerLimits = ReturnType<typeof createCallerLimits>
