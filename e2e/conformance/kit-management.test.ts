import { expect, test } from '@playwright/test'
import { HttpBrowser } from '../lib/http-browser.ts'
import { firstForm, sendForm } from './pages.ts'
import { runningTarget, useServer } from './running-world.ts'
import { standaloneRequests } from './standalone-request.ts'
import { postAs, readFhir, waitUntilRefused } from './tokens.ts'

const SCOPE = 'launch/patient openid fhirUser offline_access patient/Patient.r'
const server = useServer()
const target = runningTarget()
const { ask, tokensOf } = standaloneRequests(target, server)

const management = (): string => String(server().smart['management_endpoint'])

test('a person sees each app they let in and withdraws one: its tokens die everywhere, and no other app’s', async () => {
  const [one, other] = [await ask(SCOPE), await ask(SCOPE)]
  const [withdrawn, kept] = [await tokensOf(one), await tokensOf(other)]
  const page = await one.browser.get(management())
  expect([page.status, page.body.includes(`value="${one.client.clientId}"`)]).toEqual([200, true])

  const form = { withdraw: one.client.clientId }
  const body = new URLSearchParams(form).toString()
  const foreign = await one.browser.post(management(), 'https://evil.example', {}, body)
  expect([foreign.status, foreign.location]).toEqual([403, undefined])
  const nobody = await new HttpBrowser().post(management(), new URL(management()).origin, {}, body)
  expect(nobody.body).toContain('name="username"')
  expect((await readFhir(target, withdrawn.access_token, `Patient/${withdrawn.patient}`)).status).toBe(200)

  const after = await one.browser.walk(await one.browser.post(management(), new URL(management()).origin, {}, body))
  expect(after.body).not.toContain(`value="${one.client.clientId}"`)
  const refresh = (token: string) => ({ grant_type: 'refresh_token', refresh_token: token })
  const refused = await postAs(one.client, server().smart.token_endpoint, refresh(withdrawn.refresh_token))
  expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
  await waitUntilRefused(target, withdrawn.access_token, `Patient/${withdrawn.patient}`)
  expect((await readFhir(target, kept.access_token, `Patient/${kept.patient}`)).status).toBe(200)
  expect((await postAs(other.client, server().smart.token_endpoint, refresh(kept.refresh_token))).status).toBe(200)
})

test('whoever is not signed in signs in to see their apps, and sees nobody else’s', async () => {
  const asking = await ask(SCOPE)
  await tokensOf(asking)
  const browser = new HttpBrowser()
  const page = await browser.get(management())
  const somebody = { username: 'bakke', password: target.person.password }
  const theirs = await browser.walk(await sendForm(browser, page, firstForm(page), somebody))
  expect([theirs.status, theirs.body.includes(asking.client.clientId)]).toEqual([200, false])
})
