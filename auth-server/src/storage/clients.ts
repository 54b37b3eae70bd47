import type { Database } from '@uthopp/storage/database'
import type { Client } from '#src/clients/client.ts'

/** What belongs into the transaction of a deed, above all the record of it. It fails, and nothing was done. */
export type Inside = (inside: Database) => Promise<void>

/** The clients of one tenant. */
export interface ClientStore {
  find(clientId: string): Promise<Client | undefined>
  all(): Promise<readonly Client[]>
  /** Writes what the deployment says about a client, over whatever was there. */
  put(client: Client): Promise<void>
  /** Grants, tokens and launches it holds die with it. */
  remove(clientId: string, now: Date, inside?: Inside): Promise<void>
}
