import type { DecisionTrace } from '@uthopp/policy/answer'

/** Stored traces come from a database: whatever is no trace is no case. */
export const isTrace = (trace: unknown): trace is DecisionTrace =>
  typeof trace === 'object' &&
  trace !== null &&
  'action' in trace &&
  'principal' in trace &&
  'context' in trace &&
  typeof trace.action === 'string' &&
  typeof trace.principal === 'string' &&
  typeof trace.context === 'object' &&
  trace.context !== null
