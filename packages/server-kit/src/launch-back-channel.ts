import { readObject } from './client-credentials.ts'
import type { SigningKey } from './keys.ts'
import { createOwnToken } from './own-token.ts'
import { askPeer } from './peer.ts'
import { Refusal } from './refusal.ts'
import type { Trace } from './trace.ts'

const PEER = 'the authorization server'

/** The host's authenticated way into one trust's authorization server: launches are offered and ended here, never in a browser. */
export type LaunchBackChannel = {
  /** `POST <issuer>/launches`; the body has the wire names of the launch API. Refusals of the server are passed on whole. */
  readonly offer: (trace: Trace, body: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>
  /** `POST <issuer>/launches/end` by session, workspace or launch. */
  readonly end: (
    trace: Trace,
    which: Readonly<Record<'session' | 'workspace' | 'launch', string | undefined>>,
  ) => Promise<void>
  /** `GET <issuer>/launches/apps`: what the trust has approved. */
  readonly apps: (trace: Trace) => Promise<Readonly<Record<string, unknown>>>
}

/** Authenticates by `private_key_jwt` (RFC 7523), keeps the `__launch` token while it lasts, and asks anew after a 401. */
export function createLaunchBackChannel(options: {
  readonly issuer: string
  readonly clientId: string
  readonly key: SigningKey
  readonly now?: () => Date
}): LaunchBackChannel {
  const { issuer } = options
  const own = createOwnToken({ now: () => new Date(), ...options, scope: '__launch' })

  const call = async (trace: Trace, path: string, body?: unknown, again = true): Promise<Response> => {
    const token = await own.get(trace)
    const answer = await askPeer(trace, PEER, `${issuer}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    })
    if (answer.status !== 401 || !again) return answer
    own.forget(token)
    await answer.body?.cancel()
    return call(trace, path, body, false)
  }

  const ask = async (trace: Trace, path: string, body?: unknown) => {
    const answer = await call(trace, path, body)
    const content = await readObject(answer)
    if (answer.ok) return content
    const code = typeof content['error'] === 'string' ? content['error'] : 'bad_gateway'
    const hint =
      typeof content['error_description'] === 'string'
        ? content['error_description']
        : 'the authorization server refused'
    throw new Refusal(answer.status === 401 ? 502 : answer.status, code, hint)
  }

  return {
    offer: (trace, body) => ask(trace, '/launches', body),
    end: async (trace, which) => {
      await ask(
        trace,
        '/launches/end',
        Object.fromEntries(Object.entries(which).filter(([, value]) => value !== undefined)),
      )
    },
    apps: (trace) => ask(trace, '/launches/apps'),
  }
}
