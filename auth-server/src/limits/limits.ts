/** How much of what strangers can cause is taken. Counted by each process for itself, and by trust. */
export type Limits = {
  readonly registrationsPerMinute: number
  readonly registrationsPerMinuteOfAddress: number
  /** Apps registered over the API that a trust keeps. */
  readonly registeredApps: number
  /** Of one client from one address: wrong secrets, wrong assertions, tokens and codes nobody gave. */
  readonly failuresPerMinute: number
  /** Of one address, whoever it says it is. */
  readonly refusedSignInsPerMinute: number
  /** Refused attempts of nobody known that stand in the access log one by one; the others are counted there. */
  readonly toldAttemptsPerMinute: number
  readonly toldAttemptsPerMinuteOfAddress: number
}

/** Far above what people and test suites do; the demo world is not to be filled by a loop. */
export const DEFAULT_LIMITS: Limits = {
  registrationsPerMinute: 1200,
  registrationsPerMinuteOfAddress: 600,
  registeredApps: 2000,
  failuresPerMinute: 300,
  refusedSignInsPerMinute: 120,
  toldAttemptsPerMinute: 600,
  toldAttemptsPerMinuteOfAddress: 60,
}
