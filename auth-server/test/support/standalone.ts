import { type Authorizing, authorizing, locationOf } from './launch.ts'
import type { Browser, BrowserAnswer } from './browser.ts'
import { OUS, PASSWORD } from './stub-host.ts'
import type { World } from './world.ts'

export const STANDALONE_SCOPE = 'launch/patient openid fhirUser offline_access patient/Patient.r patient/Observation.rs'

/** An authorization request without a handle. */
export const standalone = (
  world: World,
  changes: Readonly<Record<string, string | undefined>> = {},
  orgnr = OUS,
): Authorizing => authorizing(world, '', { launch: undefined, scope: STANDALONE_SCOPE, ...changes }, orgnr)

/** Opens the request; answers the address of the page and the page. */
export async function openPage(browser: Browser, url: string): Promise<{ address: string; page: BrowserAnswer }> {
  const answer = await browser.navigate(url)
  const address = locationOf(answer).href
  return { address, page: await browser.navigate(address) }
}

export const submit = (
  browser: Browser,
  address: string,
  form: Readonly<Record<string, string>> | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<BrowserAnswer> =>
  browser.navigate(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(address).origin, ...headers },
    body: new URLSearchParams(form).toString(),
  })

/** Submits and follows to the next page, as a browser does after a form. */
export async function submitAndFollow(
  browser: Browser,
  address: string,
  form: Readonly<Record<string, string>> | URLSearchParams,
): Promise<BrowserAnswer> {
  const answer = await submit(browser, address, form)
  return answer.status === 303 ? browser.navigate(locationOf(answer).href) : answer
}

export const signIn = (browser: Browser, address: string, username = 'stf101'): Promise<BrowserAnswer> =>
  submitAndFollow(browser, address, { username, password: PASSWORD })

const unescape = (text: string): string =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<')

/** The fields of a page's first form as they stand: hidden ones and ticked boxes. */
export function fieldsOf(page: BrowserAnswer): URLSearchParams {
  const [form = ''] = /<form[\s\S]*?<\/form>/.exec(page.body) ?? []
  const fields = new URLSearchParams()
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const part = (name: string) => unescape(new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? '')
    if (part('type') === 'hidden' || / checked/.test(input)) fields.append(part('name'), part('value'))
  }
  return fields
}

export const valuesOf = (page: BrowserAnswer, name: string): readonly string[] =>
  [...page.body.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map(([, value]) => unescape(value ?? ''))

/** Answers the consent page as it stands, or with changes; answers the redirect to the app. */
export async function allow(browser: Browser, address: string, page: BrowserAnswer): Promise<URL> {
  const fields = fieldsOf(page)
  fields.set('decision', 'allow')
  const resumed = await submit(browser, address, fields)
  return locationOf(await browser.navigate(locationOf(resumed).href))
}

/** The whole way of somebody who knows what they want, whatever they are asked. */
export async function throughPages(
  browser: Browser,
  url: string,
  who: { readonly username?: string; readonly patient?: string } = {},
): Promise<URL> {
  const opened = await browser.navigate(url)
  const address = locationOf(opened).href
  let answer = await browser.navigate(address)
  for (let step = 0; step < 8; step += 1) {
    if (answer.status === 303) {
      const to = locationOf(answer)
      if (to.origin !== new URL(url).origin) return to
      answer = await browser.navigate(to.href)
    } else if (answer.body.includes('name="password"')) {
      answer = await submit(browser, address, { username: who.username ?? 'stf101', password: PASSWORD })
    } else if (answer.body.includes('name="patient"')) {
      answer = await submit(browser, address, { patient: who.patient ?? 'cdp1001' })
    } else {
      const fields = fieldsOf(answer)
      fields.set('decision', 'allow')
      answer = await submit(browser, address, fields)
    }
  }
  throw new Error(`the pages lead nowhere: ${answer.status}`)
}
