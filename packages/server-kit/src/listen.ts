import { createServer, type RequestListener, type Server } from 'node:http'
import { drain, trackRequests } from './drain.ts'

export type Listening = { readonly port: number; readonly close: () => Promise<void> }

const LOOPBACK = ['127.0.0.1', '::1'] as const
/** Tries to find a free port that is free on both addresses. */
const ATTEMPTS = 20

/**
 * Serves on 127.0.0.1 and, where the machine has it, ::1, on one port; 0 takes a free one.
 *
 * `close` stops accepting, lets requests in flight finish for 5 s and then ends every connection.
 */
export async function listen(
  handler: RequestListener,
  options: {
    readonly port: number
    readonly name: string
    /** What a person changes when the port is taken, named in the error. */
    readonly setting?: string
  },
): Promise<Listening> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: Server[] = []
    try {
      let port = options.port
      for (const host of LOOPBACK) {
        const server = await open(handler, host, port)
        if (!server) continue
        opened.push(server)
        const bound = server.address()
        if (typeof bound === 'object' && bound !== null) port = bound.port
      }
      let closing: Promise<void> | undefined
      return { port, close: () => (closing ??= drain(opened)) }
    } catch (error) {
      await Promise.all(opened.map((server) => new Promise((closed) => server.close(closed))))
      if (codeOf(error) !== 'EADDRINUSE') throw error
      if (options.port === 0 && attempt < ATTEMPTS) continue
      throw new PortTaken(
        `${options.name}: port ${options.port} is taken; stop what holds it or set ${options.setting ?? 'PORT'}`,
      )
    }
  }
}

/** One line for a person; main.ts prints the message and ends with 78. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

/** Answers undefined where the machine has no such address, which for ::1 is no fault. */
async function open(handler: RequestListener, host: string, port: number): Promise<Server | undefined> {
  // Slow senders of headers and bodies are cut off; idle connections stay a while for the next call of the same process.
  const server = createServer({ headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 }, handler)
  trackRequests(server)
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const absent = host === '::1' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error) ?? '')
      if (absent) resolve(undefined)
      else reject(error)
    })
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
