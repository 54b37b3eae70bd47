import { HttpBrowser, type Step } from '../lib/http-browser.ts'
import { type RegisteredClient, registerClient } from './client-kinds.ts'
import { exchangeForm, kindNamed, type Server } from './launched.ts'
import { answersFor, authorizationRequest, type Request } from './launches.ts'
import { firstForm, type PageForm, sendForm } from './pages.ts'
import type { Target } from './target.ts'
import { askForTokens, type Tokens } from './tokens.ts'

export type Asking = {
  readonly client: RegisteredClient
  readonly request: Request
  readonly browser: HttpBrowser
  readonly page: Step
}

export type Answer = (form: PageForm) => {
  readonly answers: Readonly<Record<string, string>>
  readonly leftOut?: readonly string[]
}

/** Standalone requests of a fresh public app, page by page. */
export function standaloneRequests(target: Target, server: () => Server) {
  /** A request up to its first page; by POST it comes from another site, as the kits' does. */
  async function ask(scope: string, method: 'GET' | 'POST' = 'GET'): Promise<Asking> {
    const { smart, keyServer } = server()
    const client = await registerClient(smart, kindNamed('public'), { scope, keyServer })
    const browser = new HttpBrowser()
    const request = authorizationRequest(target, client, undefined)
    const query = new URLSearchParams({ ...request.parameters, scope }).toString()
    const elsewhere = { 'sec-fetch-site': 'cross-site' }
    const first =
      method === 'POST'
        ? await browser.post(smart.authorization_endpoint, 'http://localhost:4567', elsewhere, query)
        : await browser.get(`${smart.authorization_endpoint}?${query}`)
    return { client, request, browser, page: await browser.walk(first) }
  }

  const asTheTargetDoes: Answer = (form) => ({ answers: answersFor(form, target) })

  /** Answers page after page until one redirects to the app. */
  async function answerAll(
    { browser, page: first }: Asking,
    answer: Answer = asTheTargetDoes,
  ): Promise<URLSearchParams> {
    let page = first
    for (let count = 0; count < 6 && page.location === undefined; count += 1) {
      const form = firstForm(page)
      const { answers, leftOut } = answer(form)
      page = await browser.walk(await sendForm(browser, page, form, answers, leftOut))
    }
    return new URL(page.location ?? 'about:blank').searchParams
  }

  async function tokensOf(asking: Asking, answer?: Answer): Promise<Tokens> {
    const redirect = new URL(asking.client.redirectUri)
    redirect.search = (await answerAll(asking, answer)).toString()
    return askForTokens(asking.client, server().smart.token_endpoint, exchangeForm({ ...asking, redirect }))
  }

  return { ask, answerAll, tokensOf }
}
