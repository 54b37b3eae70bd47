import { lookup as resolve } from 'node:dns/promises'
import { get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http'
import { get as httpsGet } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isLoopbackAddress, isLoopbackName, isSpecialAddress, type World } from './address.ts'

const LIMIT_BYTES = 64 * 1024
const TIMEOUT_MS = 3000

/** An address a stranger gave us was not fetched, or did not answer as it must. The reason is ours, never the answer's text. */
export class FetchRefused extends Error {
  override readonly name = 'FetchRefused'
}

type Target = { readonly address: string; readonly family: number }

/** WebCrypto signs on the same four threads that look names up, so most of them stay free for it. */
const MOST_LOOKUPS = 2
let lookUps = 0
const waiting: (() => void)[] = []

async function lookUp(name: string): Promise<readonly Target[]> {
  if (lookUps >= MOST_LOOKUPS) await new Promise<void>((turn) => void waiting.push(turn))
  lookUps += 1
  try {
    return await resolve(name, { all: true })
  } finally {
    lookUps -= 1
    waiting.shift()?.()
  }
}

/** Resolves a name and answers the addresses to connect to, or refuses: those checked are those used. */
async function safeAddresses(hostname: string, world: World | 'named'): Promise<readonly [Target, ...Target[]]> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  const found = isIP(bare) === 0 ? await lookUp(bare) : [{ address: bare, family: isIP(bare) }]
  // Loopback is for names that say so; another name that points at this machine is an attack on it.
  const loopback = world === 'demo' && isLoopbackName(hostname)
  const fits = ({ address }: { address: string }) =>
    world === 'named' || (loopback ? isLoopbackAddress(address) : !isSpecialAddress(address))
  const [first, ...rest] = found
  if (first === undefined || !found.every(fits)) throw new FetchRefused('the address is not one we fetch from')
  return [first, ...rest]
}

/** Gives up waiting for a look-up that the system will not give up. */
function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const tooLate = new Promise<never>((_done, failed) => {
    signal.addEventListener('abort', () => failed(new FetchRefused('the address did not answer')), { once: true })
  })
  return Promise.race([work, tooLate])
}

/**
 * Fetches a client's key set: no redirects, bounded in time and size, never from private or metadata addresses (contracts §4).
 * An address named by the deployment may be inside the hospital, where its gateway is.
 */
export async function fetchGuarded(
  address: string,
  world: World | 'named',
): Promise<{ body: string; cacheControl: string }> {
  const url = new URL(address)
  if (url.protocol === 'http:' && world !== 'named' && !(world === 'demo' && isLoopbackName(url.hostname)))
    throw new FetchRefused('the address is not https')
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const targets = await withinTime(safeAddresses(url.hostname, world), signal)
  const lookup: LookupFunction = (_hostname, options, answer) =>
    options.all ? answer(null, [...targets]) : answer(null, targets[0].address, targets[0].family)
  const get = url.protocol === 'https:' ? httpsGet : httpGet
  const response = await new Promise<IncomingMessage>((done, failed) => {
    const options: RequestOptions = {
      lookup,
      agent: false,
      headers: { accept: 'application/json' },
      signal,
    }
    get(url, options, done).once('error', (cause) => failed(new FetchRefused('the address did not answer', { cause })))
  })
  try {
    if (response.statusCode !== 200) throw new FetchRefused('the address did not answer 200')
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > LIMIT_BYTES) throw new FetchRefused('the answer is too large')
      chunks.push(chunk)
    }
    return { body: Buffer.concat(chunks).toString('utf8'), cacheControl: response.headers['cache-control'] ?? '' }
  } catch (cause) {
    throw cause instanceof FetchRefused ? cause : new FetchRefused('the answer broke off', { cause })
  } finally {
    response.destroy()
  }
}
