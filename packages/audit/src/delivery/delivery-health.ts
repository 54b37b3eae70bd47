import type { Outbox } from './outbox.ts'

/** Longer than any pause between two attempts. */
const LONG_SECONDS = 60

/** What there is to say about records that do not arrive. They are safe meanwhile, but nobody reads them yet. */
export type DeliveryHealth = {
  /** Looks anew; for the readiness check, which asks for the warnings afterwards. */
  readonly look: () => Promise<void>
  readonly warnings: () => readonly string[]
}

export function createDeliveryHealth(outbox: Pick<Outbox, 'oldestPendingSeconds' | 'setAside'>): DeliveryHealth {
  let warnings: readonly string[] = []
  return {
    warnings: () => warnings,
    async look() {
      const [seconds, aside] = await Promise.all([outbox.oldestPendingSeconds(), outbox.setAside()])
      warnings = [
        ...(seconds > LONG_SECONDS ? [`audit records have been waiting for ${Math.floor(seconds)} seconds`] : []),
        ...(aside > 0 ? [`the audit repository refused ${aside} records, which wait to be looked at`] : []),
      ]
    },
  }
}
