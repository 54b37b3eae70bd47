import { expect, test } from '@playwright/test'
import { answersFor, authorizationRequest } from './launches.ts'
import { firstForm, sendForm } from './pages.ts'
import { runningTarget, useServer } from './running-world.ts'
import { type Answer, standaloneRequests } from './standalone-request.ts'
import { readFhir } from './tokens.ts'

const BASE = 'launch/patient openid fhirUser offline_access'
const server = useServer()
const target = runningTarget()
const { ask, tokensOf } = standaloneRequests(target, server)

test('a standalone launch with the scopes of the kits is granted them literally, and the patient who was picked', async () => {
  for (const method of ['GET', 'POST'] as const) {
    const asking = await ask(`${BASE} patient/*.rs`, method)
    const tokens = await tokensOf(asking)
    expect(tokens.scope.split(' ').toSorted()).toEqual(`${BASE} patient/*.rs`.split(' ').toSorted())
    expect((await readFhir(target, tokens.access_token, `Patient/${tokens.patient}`)).status).toBe(200)
    expect((await readFhir(target, tokens.access_token, `Observation?patient=${tokens.patient}`)).status).toBe(200)
  }
})

test('a patient scope without `launch/patient` has a patient picked all the same', async () => {
  const asking = await ask('openid fhirUser offline_access patient/Patient.r')
  let picked: string | undefined
  const tokens = await tokensOf(asking, (form) => {
    const answers = answersFor(form, target)
    picked = answers['patient'] ?? picked
    return { answers }
  })
  expect(tokens.patient).toBe(picked)
})

test('an encounter that is asked for belongs to the patient who was picked', async () => {
  const tokens = await tokensOf(await ask(`${BASE} launch/encounter patient/Patient.r patient/Encounter.r`))
  const answer = await readFhir(target, tokens.access_token, `Encounter/${String(tokens['encounter'])}`)
  expect(await answer.json()).toMatchObject({ subject: { reference: `Patient/${tokens.patient}` } })
})

test('what a person unticks is not granted, and what is left is exactly what the token opens', async () => {
  const asking = await ask(`${BASE} patient/Patient.r patient/Observation.rs patient/Condition.rs`)
  const tokens = await tokensOf(asking, (form) => ({
    answers: answersFor(form, target),
    leftOut: ['patient/Condition.rs'],
  }))
  expect(tokens.scope.split(' ')).toContain('patient/Observation.rs')
  expect(tokens.scope).not.toContain('Condition')
  expect((await readFhir(target, tokens.access_token, `Observation?patient=${tokens.patient}`)).status).toBe(200)
  expect((await readFhir(target, tokens.access_token, `Condition?patient=${tokens.patient}`)).status).toBe(403)
})

test('two standalone launches of one app at once in one browser keep the patient that was picked in each', async () => {
  const one = await ask(`${BASE} patient/Patient.r`)
  const signedIn = await one.browser.walk(await sendForm(one.browser, one.page, firstForm(one.page), target.person))
  const { parameters, ...rest } = authorizationRequest(target, one.client, undefined)
  const query = new URLSearchParams({ ...parameters, scope: `${BASE} patient/Patient.r` }).toString()
  const second = await one.browser.walk(await one.browser.get(`${server().smart.authorization_endpoint}?${query}`))
  const choices = firstForm(second).choices.get('patient') ?? []
  expect(choices.length).toBeGreaterThanOrEqual(2)
  const picking =
    (patient: string | undefined): Answer =>
    (form) => ({ answers: answersFor(form, { ...target, patient }) })
  const other = { ...one, request: { parameters, ...rest }, page: second }
  const [later, earlier] = [
    await tokensOf(other, picking(choices[1])),
    await tokensOf({ ...one, page: signedIn }, picking(choices[0])),
  ]
  expect([earlier.patient, later.patient]).toEqual(choices.slice(0, 2))
  for (const [tokens, patient] of [
    [earlier, choices[1]],
    [later, choices[0]],
  ] as const)
    expect((await readFhir(target, tokens.access_token, `Patient/${patient}`)).status).toBe(404)
})
