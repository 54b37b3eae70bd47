import type { PolicyEvent } from '#src/engine/rule-library.ts'

type Fields = {
  readonly tenant: string
  readonly rule?: string
  readonly count?: number
  readonly code?: string
  readonly reason?: string
}
type Say = (event: string, fields: Fields) => void

/** As much of a log as is needed to tell. */
export type PolicyLog = { readonly info: Say; readonly warn: Say; readonly error: Say }

/** What happens to rules and facts, for whoever runs the trust; no case is ever in it. */
export function tellPolicyEvent(log: PolicyLog, tenant: string, event: PolicyEvent): void {
  switch (event.event) {
    case 'rules-loaded':
      return log.info('policy-rules-loaded', { tenant, rule: event.version, count: event.rules })
    case 'rules-refused':
      return log.error('policy-rules-refused', { tenant, reason: event.reason })
    case 'rule-error':
      return log.error('policy-rule-error', { tenant, code: event.action, rule: event.version })
    case 'facts-failed':
      return log.warn('policy-facts-failed', { tenant, reason: event.reason })
    case 'worker-lost':
      return log.warn('policy-worker-lost', { tenant })
  }
}
