import { type HostWorld, OUS } from '../http/host-world.ts'

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Readonly<Record<string, unknown>> }
type From = { readonly orgnr?: string; readonly as?: string | null }

/** Asks the directory of a trust, as its authorization server unless somebody else is named. */
export const askerOf =
  (world: HostWorld) =>
  async (path: string, body: unknown, { orgnr = OUS, as }: From = {}): Promise<Answer> => {
    const answer = await fetch(`${world.address}/${orgnr}/directory${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(as === null ? {} : { authorization: as ?? (await world.asAuthorizationServer(orgnr)) }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] } // every answer is a JSON object
  }
