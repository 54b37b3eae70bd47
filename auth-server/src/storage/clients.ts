import type { Client } from '#src/clients/client.ts'

/** The clients of one tenant. */
export interface ClientStore {
  find(clientId: string): Promise<Client | undefined>
  all(): Promise<readonly Client[]>
  /** Writes what the deployment says about a client, over whatever was there. */
  put(client: Client): Promise<void>
  /** Grants, tokens and launches it holds die with it. */
  remove(clientId: string, now: Date): Promise<void>
}
