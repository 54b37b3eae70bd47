import { randomUUID } from 'node:crypto'
import { HttpBrowser } from '../lib/http-browser.ts'
import { type RegisteredClient, registerClient } from './client-kinds.ts'
import { exchangeForm, kindNamed, type Server } from './launched.ts'
import { askForCode, authorizationRequest, openFromHost } from './launches.ts'
import type { SmartConfiguration, Target } from './target.ts'
import { askForTokens, type Tokens } from './tokens.ts'

/** Where the clients of the tests are registered: the system of their own state codes (SAL-221). */
export const APP_ORIGIN = 'http://127.0.0.1:59997'

type State = Readonly<Record<string, unknown>> & { readonly id: string }
export type StateAnswer = { readonly status: number; readonly etag: string; readonly body: State }

/** The door discovery names for app state (SAL-212). */
export function stateDoorOf(smart: SmartConfiguration): string {
  const endpoints = (smart['associated_endpoints'] ?? []) as readonly { url: string; capabilities: string[] }[]
  const door = endpoints.find(({ capabilities }) => capabilities.includes('smart-app-state'))
  if (door === undefined) throw new Error('discovery names no door for app state')
  return door.url
}

/** Registers an app that may keep state about users and patients under one fresh code. */
export async function stateApp(server: Server, extra = ''): Promise<{ client: RegisteredClient; code: string }> {
  const code = `${APP_ORIGIN}|${randomUUID()}`
  const scope = `launch openid fhirUser offline_access patient/Patient.r user/Basic.cuds?code=${code} patient/Basic.cuds?code=${code}${extra}`
  const kind = kindNamed('symmetric, basic')
  return { client: await registerClient(server.smart, kind, { scope, keyServer: server.keyServer }), code }
}

/** Launches the app for one person and patient. */
export async function launchAs(
  target: Target,
  smart: SmartConfiguration,
  client: RegisteredClient,
  context: { readonly user?: string; readonly role?: string; readonly patient?: string } = {},
): Promise<Tokens> {
  const browser = new HttpBrowser()
  const request = authorizationRequest(target, client, await openFromHost(browser, target, client, context))
  const redirect = await askForCode(browser, target, smart, client, request.parameters)
  return askForTokens(client, smart.token_endpoint, exchangeForm({ client, request, redirect }))
}

export const stateOf = (
  code: string,
  subject: string | undefined,
  value: string,
): Readonly<Record<string, unknown>> => {
  const [system = '', word = ''] = code.split('|')
  return {
    resourceType: 'Basic',
    code: { coding: [{ system, code: word }] },
    ...(subject === undefined ? {} : { subject: { reference: subject } }),
    extension: [{ url: `${APP_ORIGIN}/state`, valueString: value }],
  }
}

export function stateClient(door: string, tokens: Tokens) {
  const ask = async (method: string, path: string, body?: object, ifMatch?: string): Promise<StateAnswer> => {
    const answer = await fetch(`${door}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/fhir+json',
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      body: (text === '' ? {} : JSON.parse(text)) as State,
    }
  }
  return {
    create: (state: object) => ask('POST', 'Basic', state),
    update: (id: string, state: object, ifMatch: string) => ask('PUT', `Basic/${id}`, { ...state, id }, ifMatch),
    remove: (id: string, ifMatch: string) => ask('DELETE', `Basic/${id}`, undefined, ifMatch),
    async find(code: string, subject: string | undefined): Promise<readonly string[] | number> {
      const about = subject === undefined ? { 'subject:missing': 'true' } : { subject }
      const { status, body } = await ask('GET', `Basic?${new URLSearchParams({ code, ...about }).toString()}`)
      const entries = (body['entry'] ?? []) as readonly { readonly resource: State }[]
      return status === 200 ? entries.map(({ resource }) => resource.id) : status
    },
  }
}
