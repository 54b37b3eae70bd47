import { expect, test } from '@playwright/test'
import { registerClient, serveKeys } from '../conformance/client-kinds.ts'
import { kindNamed } from '../conformance/launched.ts'
import { answersFor, authorizationRequest } from '../conformance/launches.ts'
import { firstForm, sendForm } from '../conformance/pages.ts'
import { runningTarget } from '../conformance/running-world.ts'
import { discover } from '../conformance/target.ts'
import { encode, MUTATIONS, type Pairs, spoiled } from '../lib/hostile.ts'
import { HttpBrowser, type Step } from '../lib/http-browser.ts'

const target = runningTarget()

/** Why an answer to a hostile form is wrong, or undefined: it may show a page or refuse, and sends nobody to the app. */
function problemOf(step: Step, long: boolean): string | undefined {
  const leaves = step.location !== undefined && new URL(step.location, step.url).origin !== new URL(step.url).origin
  if (step.status >= 500 || leaves) return `${step.status}${leaves ? ', sent to the app' : ''}`
  return long && step.status !== 413 ? `${step.status} for a body without end` : undefined
}

test('each field of the pages after sign-in missing, doubled, garbled or too long leads to no code, and the right answers still do', async () => {
  const keyServer = await serveKeys()
  const scope = 'launch/patient openid fhirUser patient/Patient.r'
  const smart = await discover(target)
  const client = await registerClient(smart, kindNamed('public'), { scope, keyServer })
  await keyServer.close()
  const browser = new HttpBrowser()
  const { parameters } = authorizationRequest(target, client, undefined)
  const asked = `${smart.authorization_endpoint}?${new URLSearchParams({ ...parameters, scope }).toString()}`
  let page = await browser.walk(await browser.get(asked))
  page = await browser.walk(await sendForm(browser, page, firstForm(page), target.person))

  const problems: string[] = []
  for (let count = 0; count < 4 && page.location === undefined; count += 1) {
    const form = firstForm(page)
    const answers = answersFor(form, target)
    const filled: Pairs = [...form.fields.filter(([name]) => answers[name] === undefined), ...Object.entries(answers)]
    const [needed = ''] = Object.keys(answers)
    for (const mutation of MUTATIONS) {
      const step = await browser.post(form.action, new URL(page.url).origin, {}, spoiled(filled, needed, mutation))
      const problem = problemOf(step, mutation.endsWith('kB'))
      if (problem !== undefined) problems.push(`${needed} ${mutation}: ${problem}`)
    }
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const step = await browser.post(form.action, new URL(page.url).origin, { 'content-type': type }, encode(filled))
      const problem = problemOf(step, false)
      if (problem !== undefined || step.status < 400) problems.push(`${type}: ${problem ?? step.status}`)
    }
    page = await browser.walk(await sendForm(browser, await browser.get(page.url), form, answers))
  }
  expect(problems).toEqual([])
  expect(new URL(page.location ?? 'about:blank').searchParams.get('code')).toBeTruthy()
})
