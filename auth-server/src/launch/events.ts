import type { AuditDetail } from '@uthopp/audit/record'
import type { Database } from '@uthopp/storage/database'
import type { Log, LogFields } from '@uthopp/server-kit/log'
import type { Asker } from '#src/policy/asker.ts'

export type EventFields = Omit<LogFields, 'tenant'>

/** Whom an event is about. The log never hears of it, the access log does. */
export type Concerned = {
  readonly asker?: Omit<Asker, 'tenant' | 'acr'> | undefined
  readonly grantId?: string
  readonly detail?: AuditDetail
}

export type TellInside = (
  inside: Database,
  event: LaunchEvent,
  fields: EventFields,
  concerned?: Concerned,
) => Promise<void>

/**
 * The story of every launch, told to the log: ids, codes and our own sentences, never a secret and never a person.
 */
export type LaunchEvents = {
  readonly tell: (event: LaunchEvent, fields: EventFields, concerned?: Concerned) => void
  /**
   * Does one deed, which tells of itself inside the transaction that does it: a process that ends between the two leaves
   * neither, and no deed without its record. The technical log hears when it is done, and nothing of what was undone.
   */
  readonly deed: <T>(work: (tell: TellInside) => Promise<T>) => Promise<T>
  /** Something that only an attack or a broken browser explains. */
  readonly alarm: (event: LaunchEvent, fields: EventFields, concerned?: Concerned) => void
  /** A fault of ours. */
  readonly failed: (error: unknown, fields: EventFields) => void
}

/** For what is only looked at and comes to nothing. */
export const SILENT: LaunchEvents = {
  tell: () => undefined,
  deed: (work) => work(async () => undefined),
  alarm: () => undefined,
  failed: () => undefined,
}

export type LaunchEvent =
  | 'launch-offered'
  | 'launch-offered-unbound'
  | 'launch-offer-refused'
  | 'launch-started'
  | 'launch-start-refused'
  | 'launch-checked'
  | 'launch-check-refused'
  | 'launch-redeemed'
  | 'launch-given-back'
  | 'launch-redeem-refused'
  | 'launch-proof-missing-after-check'
  | 'scope-withheld'
  | 'policy-denied-launch'
  | 'policy-would-deny'
  | 'policy-unavailable'
  | 'policy-rules-loaded'
  | 'policy-rules-refused'
  | 'signing-keys-changed'
  | 'launch-authorized'
  | 'launch-ended'
  | 'launch-expired'
  | 'token-issued'
  | 'token-refreshed'
  | 'token-introspected'
  | 'token-introspection-empty'
  | 'token-revoked'
  | 'token-revocation-empty'
  | 'token-refused'
  | 'authorization-refused'
  | 'client-registered'
  | 'client-expired'
  | 'client-updated'
  | 'client-removed'
  | 'registrations-limited'
  | 'authentication-limited'
  | 'sign-in-limited'
  | 'signed-in'
  | 'sign-in-refused'
  | 'consent-given'
  | 'consent-denied'
  | 'consent-withdrawn'
  | 'interaction-refused'

export const createLaunchEvents = (log: Log, tenant: string): LaunchEvents => ({
  tell: (event, fields) => log.info(event, { ...fields, tenant }),
  async deed(work) {
    let told: readonly (readonly [LaunchEvent, EventFields])[] = []
    let within: Database | undefined
    const done = await work(async (inside, event, fields) => {
      // What an earlier transaction was about to do has been undone by the time there is another one.
      told = [...(inside === within ? told : []), [event, fields]]
      within = inside
    })
    for (const [event, fields] of told) log.info(event, { ...fields, tenant })
    return done
  },
  alarm: (event, fields) => log.error(event, { ...fields, tenant }),
  failed: (error, fields) => log.error('request-failed', { ...fields, tenant, error }),
})
