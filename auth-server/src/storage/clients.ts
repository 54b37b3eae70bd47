import type { Client } from '#src/clients/client.ts'

/** The clients of one tenant. */
export interface ClientStore {
  find(clientId: string): Promise<Client | undefined>
  all(): Promise<readonly Client[]>
  /** Registers a client; false when the id is taken. */
  create(client: Client): Promise<boolean>
  /** Writes what the deployment says about a client, over whatever was there. */
  put(client: Client): Promise<void>
  /** The tokens it holds die with it. */
  remove(clientId: string, now: Date): Promise<void>
}
