import type { Client } from '#src/clients/client.ts'
import type { Inside } from './clients.ts'

/** The apps of one tenant that registered themselves. Clients of the deployment are none of these and never expire. */
export interface Registrations {
  /** False when the tenant already has `most` of them. Processes that add at the same moment may go over by one each. */
  add(client: Client, most: number, now: Date): Promise<boolean>
  /** Writes what the app changed about itself; what it was given before dies. False when it has gone. */
  replace(client: Client, now: Date, inside?: Inside): Promise<boolean>
  /** Remembers that the app got a token. */
  markUsed(clientId: string, now: Date): Promise<void>
  /** Makes room: removes the oldest that never got a token and registered before then; answers which. */
  removeOldestUnused(registeredBefore: Date, now: Date): Promise<string | undefined>
}
