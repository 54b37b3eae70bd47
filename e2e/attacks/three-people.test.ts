import { expect, test } from '@playwright/test'
import { answersFor } from '../conformance/launches.ts'
import { runningTarget, useServer } from '../conformance/running-world.ts'
import { standaloneRequests } from '../conformance/standalone-request.ts'
import { addresses, OUS } from '../lib/addresses.ts'
import { DEMO_PASSWORD } from '../lib/demo-password.ts'
import { exchange, fhir, type Json, launchApp, registerApp } from '../lib/smart-client.ts'

/** Lies on ward 4B, has a sign-in of his own, and has had two conversations blocked. */
const EIDE = 'cdp1007'
const world = addresses()
const target = { ...runningTarget(), person: { username: 'eide', password: DEMO_PASSWORD }, patient: EIDE }
const { ask, answerAll, tokensOf } = standaloneRequests(target, useServer())

type Entry = { readonly fullUrl: string; readonly resource: Json; readonly search: { readonly mode: string } }

/** The answer to a search, and what is in it. */
async function search(token: string, query: string) {
  const answer = await fhir(world, OUS, token, query)
  expect(answer.status, answer.text).toBe(200)
  const entries = (answer.json['entry'] ?? []) as readonly Entry[]
  const found = entries.filter(({ search: { mode } }) => mode === 'match').map(({ resource }) => resource)
  return { answer, entries, found, total: answer.json['total'] }
}

const idOf = ({ id }: Json): string => String(id)
const patientOf = (resource: Json): string =>
  String(((resource['patient'] ?? resource['subject']) as Json | undefined)?.['reference'])

test('one search by three people in three roles is three answers, each right and none telling of the others', async () => {
  const app = await registerApp(world, OUS, 'launch openid fhirUser user/NutritionOrder.rs')
  // Whom each has to do with: the kitchen serves them, the dietitian was asked about them, the nurse's clinic has them.
  const people = [
    { user: 'stf107', role: 'agb107', patients: ['cdp1001', 'cdp1005', EIDE] },
    { user: 'stf103', role: 'agb103', patients: ['cdp1001', 'cdp1005'] },
    { user: 'stf105', role: 'agb105', patients: ['cdp1005'] },
  ] as const
  const texts = new Set<string>()
  for (const { user, role, patients } of people) {
    const { access_token: token } = await launchApp(world, app, { tenant: OUS, user, role })
    const all = await search(token, 'NutritionOrder?_total=accurate')
    expect([...new Set(all.found.map(patientOf))].toSorted(), role).toEqual(patients.map((id) => `Patient/${id}`))
    expect(all.total, role).toBe(all.found.length)
    expect((await search(token, 'NutritionOrder?_summary=count')).total, role).toBe(all.found.length)
    expect([all.answer.headers.get('etag'), all.answer.headers.get('last-modified')]).toEqual([null, null])
    for (const one of people.flatMap((other) => other.patients))
      if (!(patients as readonly string[]).includes(one)) expect(all.answer.text, role).not.toContain(one)
    // Page by page it is the same answer: no page is short, and none is left over.
    const seen: string[] = []
    for (let next: string | undefined = 'NutritionOrder?_count=1'; next !== undefined; ) {
      const page: Awaited<ReturnType<typeof search>> = await search(token, next)
      expect(page.found, role).toHaveLength(1)
      expect(page.total, role).toBeUndefined()
      seen.push(...page.found.map(idOf))
      const links = page.answer.json['link'] as readonly { readonly relation: string; readonly url: string }[]
      next = links.find(({ relation }) => relation === 'next')?.url.replace(/^.*\/fhir\/?(?=[?A-Z])/, '')
    }
    expect(seen.toSorted(), role).toEqual(all.found.map(idOf).toSorted())
    texts.add(all.answer.text)
  }
  expect(texts.size).toBe(people.length)
})

test('what a patient has blocked is counted for the patient and for nobody of the staff', async () => {
  const scope = 'openid fhirUser offline_access patient/DocumentReference.rs'
  const app = await registerApp(world, OUS, `launch ${scope}`)
  const nurse = await launchApp(world, app, { tenant: OUS, patient: EIDE, user: 'stf102', role: 'agb102' })
  const citizen = await tokensOf(await ask(`launch/patient ${scope}`))
  const read = (token: string) => search(token, `DocumentReference?patient=${EIDE}&_total=accurate&_count=200`)
  const [theirs, own] = [await read(nurse.access_token), await read(citizen.access_token)]
  const titles = ({ found }: typeof own): readonly string[] => found.map((one) => String(one['description']))
  expect(titles(theirs)).toContain('Innkomstjournal')
  expect(titles(own).toSorted()).toEqual([...titles(theirs), 'Samtale', 'Samtale, kontroll'].toSorted())
  expect([theirs.total, own.total]).toEqual([theirs.found.length, own.found.length])
  expect(theirs.answer.text).not.toContain('Samtale')
})

test('a citizen who lets an app know no more than who they are is a patient to it, and nobody else’s (SAL-123)', async () => {
  const asking = await ask('openid fhirUser offline_access patient/NutritionOrder.rs')
  const redirect = await answerAll(asking, (form) => ({
    answers: answersFor(form, target),
    leftOut: ['patient/NutritionOrder.rs'],
  }))
  const { client, request } = asking
  const { status, body } = await exchange(world, OUS, client, redirect.get('code') ?? '', request.verifier)
  expect([status, body['scope'], body['patient']]).toEqual([200, 'openid fhirUser offline_access', undefined])
  const token = String(body['access_token'])
  const own = await fhir(world, OUS, token, `Patient/${EIDE}`)
  expect([own.status, own.json['id']]).toEqual([200, EIDE])
  for (const path of [`Practitioner/${EIDE}`, 'Patient/cdp1001', 'Patient', `NutritionOrder?patient=${EIDE}`])
    expect((await fhir(world, OUS, token, path)).status, path).toBe(403)
})
