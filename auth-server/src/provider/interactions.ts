import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Provider } from 'oidc-provider'
import { type Progress, readProgress, type Settled } from '#src/standalone/progress.ts'

/** One authorization request that waits for its person, in the browser that brought it. */
export type Interaction = {
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  readonly progress: Progress
  readonly save: (progress: Progress) => Promise<void>
  /** Ends the pages for somebody signed in since then; answers where the browser goes on. */
  readonly settle: (settled: Settled, since: Date) => Promise<string>
  readonly refuse: (
    error: 'access_denied' | 'invalid_scope' | 'temporarily_unavailable',
    description: string,
  ) => Promise<string>
}

export type FindInteraction = (req: IncomingMessage, res: ServerResponse) => Promise<Interaction | undefined>

/** Finds the interaction whose signed cookie this browser brings; the cookie goes to the address of that interaction alone. */
export const createFindInteraction =
  (provider: Provider): FindInteraction =>
  async (req, res) => {
    const found = await provider.interactionDetails(req, res).catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    })
    if (found === undefined) return undefined
    const keep = async (result: Readonly<Record<string, unknown>>): Promise<string> => {
      found.result = { ...result }
      await found.persist()
      return found.returnTo
    }
    return {
      id: found.uid,
      params: found.params,
      progress: readProgress(found.result),
      async save(progress) {
        await keep({ progress })
      },
      settle: (settled, since) =>
        keep({
          login: { accountId: settled.user, remember: false, ts: Math.floor(since.getTime() / 1000) },
          standalone: settled,
        }),
      refuse: (error, description) => keep({ error, error_description: description }),
    }
  }
