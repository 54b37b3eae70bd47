import { request } from 'node:http'

export type BrowserAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export type BrowserRequest = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * A browser as far as this server can tell: a cookie jar, and redirects that somebody follows on purpose.
 * Not `fetch`, which adds a `Sec-Fetch-Mode` of its own.
 */
export class Browser {
  readonly #cookies = new Map<string, string>()

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies
  }

  /** Another window of the same browser, as it is now. */
  static with(cookies: ReadonlyMap<string, string>): Browser {
    const copy = new Browser()
    for (const [name, value] of cookies) copy.#cookies.set(name, value)
    return copy
  }

  async send(url: string, given: BrowserRequest = {}): Promise<BrowserAnswer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await new Promise<BrowserAnswer>((resolve, reject) => {
      const sent = request(
        url,
        { method: given.method ?? 'GET', headers: { ...given.headers, ...(cookie === '' ? {} : { cookie }) } },
        (res) => {
          const chunks: Buffer[] = []
          res.on('data', (chunk: Buffer) => chunks.push(chunk))
          res.on('end', () => {
            const headers = new Headers()
            for (let at = 0; at < res.rawHeaders.length; at += 2)
              headers.append(res.rawHeaders[at] ?? '', res.rawHeaders[at + 1] ?? '')
            resolve({ status: res.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') })
          })
        },
      )
      sent.on('error', reject)
      sent.end(given.body)
    })
    for (const line of answer.headers.getSetCookie()) this.#keep(line)
    return answer
  }

  /** Opens an address the way a person does. */
  navigate(url: string, given: BrowserRequest = {}): Promise<BrowserAnswer> {
    return this.send(url, {
      ...given,
      headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe', ...given.headers },
    })
  }

  /** Drops every cookie, as a browser that blocks them would. */
  forget(): void {
    this.#cookies.clear()
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (attributes.includes('Max-Age=0')) this.#cookies.delete(name)
    else this.#cookies.set(name, pair.slice(at + 1))
  }
}
