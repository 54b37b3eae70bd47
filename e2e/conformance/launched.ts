import { HttpBrowser } from '../lib/http-browser.ts'
import { CLIENT_KINDS, type ClientKind, type KeyServer, type RegisteredClient, registerClient } from './client-kinds.ts'
import { askForCode, authorizationRequest, openFromHost, type Request } from './launches.ts'
import type { SmartConfiguration, Target } from './target.ts'
import { askForTokens, type Tokens } from './tokens.ts'

export const KIT_SCOPE = 'launch openid fhirUser offline_access patient/Patient.rs patient/Observation.rs'

export type Server = { readonly smart: SmartConfiguration; readonly keyServer: KeyServer }
export type Launched = { readonly client: RegisteredClient; readonly request: Request; readonly redirect: URL }

/** A kind by its name in the table of kinds. */
export function kindNamed(name: string): ClientKind {
  const kind = CLIENT_KINDS.find((each) => each.name === name)
  if (kind === undefined) throw new Error(`there is no client kind ${name}`)
  return kind
}

type Options = {
  readonly kind?: ClientKind
  readonly scope?: string
  readonly client?: RegisteredClient
  /** Replaces parameters of the authorization request, or takes them out. */
  readonly overrides?: Readonly<Record<string, string | undefined>>
}

/** An EHR launch up to the redirect with its code, or with the error the test wants. */
export async function launchToCode(target: Target, server: Server, options: Options = {}): Promise<Launched> {
  const { kind = kindNamed('public'), scope = KIT_SCOPE, overrides = {} } = options
  const client = options.client ?? (await registerClient(server.smart, kind, { scope, keyServer: server.keyServer }))
  const browser = new HttpBrowser()
  const request = authorizationRequest(target, client, await openFromHost(browser, target, client))
  const parameters: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...request.parameters, ...overrides }))
    if (value !== undefined) parameters[name] = value
  const redirect = await askForCode(browser, target, server.smart, client, parameters)
  return { client, request, redirect }
}

/** The form of a code exchange, before the client's credentials are added. */
export const exchangeForm = ({ client, request, redirect }: Launched): Readonly<Record<string, string>> => ({
  grant_type: 'authorization_code',
  code: redirect.searchParams.get('code') ?? '',
  redirect_uri: client.redirectUri,
  ...(request.parameters['code_challenge'] === undefined ? {} : { code_verifier: request.verifier }),
})

export async function launchToTokens(
  target: Target,
  server: Server,
  options: Options = {},
): Promise<Launched & { readonly tokens: Tokens }> {
  const launched = await launchToCode(target, server, options)
  return {
    ...launched,
    tokens: await askForTokens(launched.client, server.smart.token_endpoint, exchangeForm(launched)),
  }
}
