export type Line = { readonly kind: string; readonly id?: string; readonly at?: string; readonly sequence: string }

export type StreamReader = {
  /** Everything heard so far. */
  readonly lines: readonly Line[]
  /** The next line, not looked at before, of which something is true. */
  readonly until: (holds: (line: Line) => boolean, withinMs: number) => Promise<Line>
  readonly ended: (withinMs: number) => Promise<void>
  readonly close: () => void
}

/** Reads one stream as it comes, over one connection. */
export async function openStream(issuer: string, token: string, after?: string): Promise<StreamReader> {
  const leaving = new AbortController()
  const answer = await fetch(
    `${issuer}/revocations${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
    {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    },
  )
  if (answer.status !== 200 || answer.body === null) throw new Error(`the stream answered ${answer.status}`)
  const lines: Line[] = []
  let looked = 0
  let over = false
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    let rest = ''
    for await (const piece of body) {
      const parts = (rest + Buffer.from(piece).toString('utf8')).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts.map((text) => JSON.parse(text) as Line)) // the server under test wrote it
    }
  }
  const end = () => {
    over = true
  }
  read(answer.body).then(end, end)

  async function wait<T>(look: () => T | undefined, withinMs: number, what: string): Promise<T> {
    const deadline = performance.now() + withinMs
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (performance.now() > deadline) throw new Error(`${what} in time`)
      await new Promise((later) => setTimeout(later, 10))
    }
  }
  return {
    lines,
    until: (holds, withinMs) =>
      wait(
        () => {
          const index = lines.findIndex((line, at) => at >= looked && holds(line))
          if (index < 0) return undefined
          looked = index + 1
          return lines[index]
        },
        withinMs,
        'the line did not come',
      ),
    async ended(withinMs) {
      await wait(() => (over ? true : undefined), withinMs, 'the stream did not end')
    },
    close: () => leaving.abort(),
  }
}
