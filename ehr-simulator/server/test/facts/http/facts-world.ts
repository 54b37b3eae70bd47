import { OUS, startHostWorld, type HostWorld } from '../../http/host-world.ts'

export type FactsAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

export type Asking = { readonly orgnr?: string; readonly as?: string | null }

/** A host, and a caller who holds the right tokens unless told otherwise. */
export type FactsWorld = {
  readonly world: HostWorld
  readonly reader: (orgnr?: string) => Promise<string>
  readonly writer: (orgnr?: string) => Promise<string>
  readonly read: (path: string, asking?: Asking) => Promise<FactsAnswer>
  readonly ask: (body: unknown, asking?: Asking) => Promise<FactsAnswer>
  readonly write: (path: string, body: unknown, asking?: Asking) => Promise<FactsAnswer>
  readonly patientsFor: (
    user: string,
    role: string,
    patients: readonly string[],
    orgnr?: string,
  ) => Promise<readonly WirePatient[]>
}

export type WireDecision = {
  readonly id: string
  readonly template: string
  readonly family: string
  readonly purpose: string
  readonly valid_until?: string
  readonly elements: readonly string[]
}
export type WirePatient = {
  readonly patient: string
  readonly epoch: string
  readonly in_care_team: boolean
  readonly contact_units: readonly string[]
  readonly self: boolean
  readonly decisions: readonly WireDecision[]
  readonly blocks: readonly { readonly id: string; readonly kind: string; readonly target: string }[]
}

export const audience = (world: HostWorld, orgnr = OUS): string => `${world.address}/${orgnr}/facts`

export async function startFactsWorld(now: () => Date = () => new Date()): Promise<FactsWorld> {
  const world = await startHostWorld({ now })
  const { gateway, launcher } = world.deployment.addresses
  const reader = (orgnr = OUS) =>
    world.forge({ issuer: gateway, audience: audience(world, orgnr), scope: '__facts.read' })
  const writer = (orgnr = OUS) =>
    world.forge({ issuer: launcher, audience: audience(world, orgnr), scope: '__facts.write' })

  async function send(
    path: string,
    init: RequestInit,
    { orgnr = OUS }: Asking,
    as: string | null,
  ): Promise<FactsAnswer> {
    const answer = await fetch(`${world.address}/${orgnr}/facts${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...(as === null ? {} : { authorization: as }) },
    })
    const words = await answer.text()
    return { status: answer.status, body: words === '' ? {} : (JSON.parse(words) as FactsAnswer['body']) } // every answer is a JSON object
  }
  const post = (body: unknown) => ({ method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  const chosen = async ({ as, orgnr }: Asking, own: (orgnr?: string) => Promise<string>) =>
    as === undefined ? own(orgnr) : as

  const facts: FactsWorld = {
    world,
    reader,
    writer,
    read: async (path, asking = {}) => send(path, {}, asking, await chosen(asking, reader)),
    ask: async (body, asking = {}) => send('/cases', post(body), asking, await chosen(asking, reader)),
    write: async (path, body, asking = {}) => send(path, post(body), asking, await chosen(asking, writer)),
    patientsFor: async (user, role, patients, orgnr = OUS) =>
      (await facts.ask({ user, role, patients }, { orgnr })).body['patients'] as readonly WirePatient[], // as described
  }
  return facts
}

export type ChangeLine = {
  readonly kind: string
  readonly id?: string
  readonly epoch?: string
  readonly sequence: string
}

/** The stream of changes as it comes, over one connection. */
export async function listenTo(
  { world, reader }: FactsWorld,
  options: { readonly after?: string; readonly orgnr?: string; readonly as?: string } = {},
) {
  const { after, orgnr = OUS } = options
  const leaving = new AbortController()
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
  const answer = await fetch(`${audience(world, orgnr)}/changes${query}`, {
    headers: { authorization: options.as ?? (await reader(orgnr)) },
    signal: leaving.signal,
  })
  if (answer.status !== 200 || answer.body === null) throw new Error(`the stream answered ${answer.status}`)
  const lines: ChangeLine[] = []
  let over = false
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    let rest = ''
    for await (const piece of body) {
      const parts = (rest + Buffer.from(piece).toString('utf8')).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts.map((line) => JSON.parse(line) as ChangeLine)) // the server under test wrote it
    }
  }
  const end = () => {
    over = true
  }
  read(answer.body).then(end, end)
  return {
    lines,
    over: () => over,
    /** The first line, from `from` on, of which something is true; fails when it does not come in time. */
    async until(holds: (line: ChangeLine) => boolean, withinMs: number, from = 0): Promise<ChangeLine> {
      const deadline = performance.now() + withinMs
      for (;;) {
        const found = lines.slice(from).find(holds)
        if (found !== undefined) return found
        if (performance.now() > deadline) throw new Error('the line did not come in time')
        await new Promise((later) => setTimeout(later, 10))
      }
    },
    close: () => leaving.abort(),
  }
}
