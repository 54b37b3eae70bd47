import { Agent, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'

/** What one navigation answered, with its redirect not followed. */
export type Step = {
  readonly url: string
  readonly status: number
  readonly location: string | undefined
  readonly headers: Headers
  readonly body: string
}

/**
 * A browser reduced to what the launch needs: a cookie jar a host name (ports share it, as in browsers), navigation
 * headers, and redirects that a test walks itself.
 */
export class HttpBrowser {
  readonly #jars = new Map<string, Jar>()

  get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Step> {
    return this.#ask(url, { method: 'GET', headers })
  }

  post(url: string, origin: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<Step> {
    return this.#ask(url, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    })
  }

  /** Follows redirects by GET as long as they stay on one origin; answers the step that leaves it or renders. */
  async walk(first: Step): Promise<Step> {
    let step = first
    for (let hop = 0; hop < 8 && step.location !== undefined; hop += 1) {
      const next = new URL(step.location, step.url)
      if (next.origin !== new URL(step.url).origin) return step
      step = await this.get(next.href)
    }
    return step
  }

  cookieNames(host: string): readonly string[] {
    return [...(this.#jars.get(host)?.values() ?? [])].map(({ name }) => name)
  }

  async #ask(
    url: string,
    init: { method: string; headers: Readonly<Record<string, string>>; body?: string },
  ): Promise<Step> {
    const { hostname, pathname } = new URL(url)
    const jar: Jar = this.#jars.get(hostname) ?? new Map()
    const cookie = [...jar.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const step = await navigate(url, init.method, init.body, {
      accept: 'text/html,application/xhtml+xml',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
      ...(cookie === '' ? {} : { cookie }),
      ...init.headers,
    })
    for (const line of step.headers.getSetCookie()) keep(jar, line, pathname)
    this.#jars.set(hostname, jar)
    return step
  }
}

const agent = new Agent({ keepAlive: true })

/** Node's own fetch always says `Sec-Fetch-Mode: cors`, which no navigation does; a plain request says what it is told. */
function navigate(
  url: string,
  method: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Step> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:')
    const request = secure ? requestSecure : requestPlain
    const asked = request(
      url,
      {
        method,
        ...(secure ? {} : { agent }),
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('error', reject)
        answer.once('end', () => {
          const received = new Headers()
          for (const [name, values] of Object.entries(answer.headersDistinct))
            for (const value of values ?? []) received.append(name, value)
          resolve({
            url,
            status: answer.statusCode ?? 0,
            location: received.get('location') ?? undefined,
            headers: received,
            body: Buffer.concat(chunks).toString(),
          })
        })
      },
    )
    asked.once('error', reject)
    asked.end(body)
  })
}

/** Cookies by name and path, as browsers keep them (RFC 6265 §5.3). */
type Jar = Map<string, { readonly name: string; readonly value: string; readonly path: string }>

function keep(jar: Jar, line: string, asked: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const name = pair.slice(0, pair.indexOf('='))
  const value = pair.slice(pair.indexOf('=') + 1)
  const named = attributes.find((attribute) => /^path=\//i.test(attribute))?.slice('path='.length)
  const path = named ?? (asked.slice(0, asked.lastIndexOf('/')) || '/')
  const gone = attributes.some(
    (attribute) => /^max-age=0$/i.test(attribute) || /^expires=thu, 01 jan 1970/i.test(attribute),
  )
  if (gone) jar.delete(`${name};${path}`)
  else jar.set(`${name};${path}`, { name, value, path })
}
