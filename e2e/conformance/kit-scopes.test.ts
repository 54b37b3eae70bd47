import { expect, test } from '@playwright/test'
import { launchToCode, launchToTokens } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'
import { readFhir } from './tokens.ts'

const BASE = 'launch openid fhirUser offline_access'
const server = useServer()
const target = runningTarget()

const granted = async (scope: string): Promise<readonly string[]> =>
  (await launchToTokens(target, server(), { scope })).tokens.scope.split(' ')

test('v1 scopes come back as v1, v2 as v2, and a mixed request in the words of each', async () => {
  for (const asked of [
    'patient/Patient.read patient/Observation.read',
    'patient/Patient.rs patient/Observation.rs',
    'patient/Patient.read patient/Observation.rs',
    'patient/Observation.r patient/Observation.s patient/Patient.r',
  ])
    expect(await granted(`${BASE} ${asked}`)).toEqual(`${BASE} ${asked}`.split(' '))
})

test('v1 scopes open what their words say: `.read` reads and searches', async () => {
  const { tokens } = await launchToTokens(target, server(), {
    scope: `${BASE} patient/Observation.read patient/Patient.read`,
  })
  expect((await readFhir(target, tokens.access_token, `Patient/${tokens.patient}`)).status).toBe(200)
  expect((await readFhir(target, tokens.access_token, `Observation?patient=${tokens.patient}`)).status).toBe(200)
  expect((await readFhir(target, tokens.access_token, `Condition?patient=${tokens.patient}`)).status).toBe(403)
})

test('a scope of letters out of order or unknown is dropped, the rest granted, and nothing is guessed from its start', async () => {
  const { tokens } = await launchToTokens(target, server(), {
    scope: `${BASE} patient/Patient.rs`,
    overrides: {
      scope: `${BASE} patient/Patient.sr patient/Patient.dus patient/Patient.rx patient/Patient.readx patient/Nothing.rs patient/Patient.r`,
    },
  })
  expect(tokens.scope.split(' ')).toEqual(`${BASE} patient/Patient.r`.split(' '))
})

test('when no scope remains the answer is an error in place of a code', async () => {
  const { redirect } = await launchToCode(target, server(), {
    overrides: { scope: 'patient/Patient.sr', nonce: undefined },
  })
  expect(redirect.searchParams.get('code')).toBeNull()
  expect(['invalid_scope', 'access_denied']).toContain(redirect.searchParams.get('error'))
})

test('system scopes and deletions are never granted to a person', async () => {
  const asked = `${BASE} patient/Patient.r system/Patient.rs system/*.rs patient/Observation.d user/Observation.cud`
  const scopes = await granted(asked)
  expect(scopes.filter((scope) => scope.startsWith('system/') || /\.c?r?u?ds?$/.test(scope))).toEqual([])
})

test('a constrained scope comes back to the letter and shows the matching part of the record, whole', async () => {
  const vital = 'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs'
  const { tokens } = await launchToTokens(target, server(), { scope: `${BASE} patient/Patient.r ${vital}` })
  expect(tokens.scope).toContain(vital)
  const full = await launchToTokens(target, server(), { scope: `${BASE} patient/Patient.r patient/Observation.rs` })
  const ids = async (token: string, query: string) => {
    const answer = await readFhir(target, token, `Observation?patient=${tokens.patient}&_count=200${query}`)
    expect(answer.status).toBe(200)
    const { entry = [] } = (await answer.json()) as {
      readonly entry?: readonly { readonly resource: { readonly id: string } }[]
    }
    return entry.map(({ resource }) => resource.id).toSorted()
  }
  const matching = await ids(full.tokens.access_token, '&category=vital-signs')
  const all = await ids(full.tokens.access_token, '')
  expect(matching.length).toBeGreaterThan(0)
  expect(all.length).toBeGreaterThan(matching.length)
  expect(await ids(tokens.access_token, '')).toEqual(matching)
  expect(await ids(tokens.access_token, '&category=vital-signs')).toEqual(matching)
  const other = all.find((id) => !matching.includes(id)) ?? ''
  expect((await readFhir(target, tokens.access_token, `Observation/${matching[0]}`)).status).toBe(200)
  expect([403, 404]).toContain((await readFhir(target, tokens.access_token, `Observation/${other}`)).status)
})

test('a client named `profile` in place of `fhirUser` asks the 1.0 way and learns who is signed in', async () => {
  const { tokens } = await launchToTokens(target, server(), {
    scope: 'launch openid profile offline_access patient/Patient.read',
  })
  const [, claims = ''] = tokens.id_token.split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toHaveProperty('fhirUser')
})
