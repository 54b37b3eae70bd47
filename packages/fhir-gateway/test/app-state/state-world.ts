import assert from 'node:assert/strict'
import { type Answer, BASE, OUS, OUTSIDE, type World } from '#test/world.ts'

export const DOOR = `${OUTSIDE}/${OUS}/app-state`
export const SYSTEM = 'https://app.example'
export const PREFS = `code=${SYSTEM}|prefs`
export const USER = `user/Basic.cuds?${PREFS}`
export const PATIENT = `patient/Basic.cuds?${PREFS}`
export const ME = `${BASE}/Practitioner/stf101`
export const BERG = `${BASE}/Patient/pat-a`

export const basic = (subject: string | undefined, more: object = {}): Record<string, unknown> => ({
  resourceType: 'Basic',
  code: { coding: [{ system: SYSTEM, code: 'prefs' }] },
  ...(subject === undefined ? {} : { subject: { reference: subject } }),
  extension: [{ url: `${SYSTEM}/theme`, valueString: '{"dark":true}' }],
  ...more,
})

let apps = 0
/** An app of its own, so that no test finds what another left. */
export const freshApp = (): string => `app-${(apps += 1)}`

/** The requests of SAL-213, and whatever else somebody may try. */
export function stateAsker(world: World) {
  const ask = (token: string | undefined, method: string, path: string, body?: unknown, headers: object = {}) =>
    world.at(`/${OUS}/app-state/${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const versioned = (ifMatch?: string): object => (ifMatch === undefined ? {} : { 'if-match': ifMatch })
  return {
    ask,
    tokenOf: (scope: string, claims: Readonly<Record<string, unknown>> = {}) =>
      world.token({ client_id: freshApp(), scope, ...claims }),
    post: (token: string, body: unknown) => ask(token, 'POST', 'Basic', body),
    put: (token: string, id: string, body: unknown, ifMatch?: string) =>
      ask(token, 'PUT', `Basic/${id}`, body, versioned(ifMatch)),
    remove: (token: string, id: string, ifMatch?: string) =>
      ask(token, 'DELETE', `Basic/${id}`, undefined, versioned(ifMatch)),
    find(token: string, subject: string | undefined) {
      const about = subject === undefined ? { 'subject:missing': 'true' } : { subject }
      return ask(token, 'GET', `Basic?${new URLSearchParams({ code: `${SYSTEM}|prefs`, ...about }).toString()}`)
    },
  }
}

/** The ids a search found. */
export async function found(answer: Promise<Answer>): Promise<readonly string[]> {
  const { status, json } = await answer
  assert.equal(status, 200)
  assert.equal(json.type, 'searchset')
  return (json.entry ?? []).map((entry: { readonly resource: { readonly id: string } }) => entry.resource.id)
}
