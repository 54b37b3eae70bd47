import { type AppContext, goOnWithCallersTrace } from '@uthopp/server-kit/http-app'

/** The one client that hears what was decided about a grant, and not only what its token says. */
export const GATEWAY = 'gateway'

/** Whom a deployment names as its own processes; nobody who registers is given a name of these. */
const OWN_PROCESSES: ReadonlySet<string> = new Set(['host', GATEWAY, 'hub', 'launcher'])

/**
 * One story from click to log: what a process of ours asks goes on under its correlation id. An app's own id stays its own,
 * because whoever could choose ours could write into somebody else's story.
 */
export function goOnWithOwnTrace(ctx: AppContext, clientId: string): void {
  if (OWN_PROCESSES.has(clientId)) goOnWithCallersTrace(ctx)
}
