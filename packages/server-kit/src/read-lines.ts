/** No line of ours comes near this; a sender that never ends one is cut off. */
const LONGEST_LINE = 64 * 1024

/** The lines of a body as they arrive. What follows the last line end is dropped: a broken connection cut it short. */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw new Error('a line of the stream does not end')
    yield* lines
  }
}
