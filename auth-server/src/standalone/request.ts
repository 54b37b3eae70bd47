import { negotiate } from '@uthopp/smart-core/negotiate'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseScope } from '@uthopp/smart-core/scope/scope'
import { parseScopeSet, type ScopeSet } from '@uthopp/smart-core/scope/scope-set'
import { type Client, originsOf } from '#src/clients/client.ts'
import type { SignIn } from './sign-ins.ts'
import type { Person } from '#src/directory/directory.ts'

/** What a standalone authorization request asks, as far as the person's answers depend on it. */
export type StandaloneRequest = {
  readonly client: Client
  /** The `scope` parameter as it was sent. */
  readonly scope: string
  readonly prompts: ReadonlySet<string>
  /** How old a sign-in may be that answers this request (OIDC Core §3.1.2.1). */
  readonly maxAgeSeconds: number
  readonly redirectUri: string
  readonly loginHint: string
}

type Kind = Person['kind']
type InContext = { readonly patient: boolean; readonly encounter: boolean }

/** True when the person has to sign in anew before anything else is asked. */
export const asksForSignIn = (request: StandaloneRequest, { since }: SignIn, now: Date): boolean =>
  request.prompts.has('login') || now.getTime() - since.getTime() > request.maxAgeSeconds * 1000

/** A citizen has no patients but themselves, so `user/` scopes, which reach across patients, are not for them. */
export function registeredFor(client: Client, kind: Kind): ScopeSet {
  const text = kind === 'staff' ? client.scope : client.scope.replace(/(^| )user\/\S+/g, '')
  return parseScopeSet(text).scopes
}

const mayRefresh = (client: Client): boolean => client.grantTypes.includes('refresh_token')

/** The scopes this person can allow in this context, exactly as they would be granted. */
export const offeredScopes = (
  { client, scope }: StandaloneRequest,
  kind: Kind,
  context: InContext,
): readonly string[] =>
  negotiate({
    asked: scope,
    registered: registeredFor(client, kind),
    // Whoever signs in here is a Practitioner or a Patient of this trust.
    context: { ...context, fhirUser: true, kind: 'standalone' },
    mayRefresh: mayRefresh(client),
    origins: originsOf(client),
  }).granted

/** What has to be chosen before the request can be answered; `patient/` scopes mean `launch/patient` (SAL-51). */
export function choicesFor(request: StandaloneRequest, kind: Kind): InContext {
  const possible = offeredScopes(request, kind, { patient: true, encounter: true }).map((token) => parseScope(token))
  const asksFor = (type: string): boolean =>
    possible.some((scope) => !isProblem(scope) && scope.kind === 'launch-context' && scope.type === type)
  const encounter = asksFor('encounter')
  const aboutPatient = possible.some(
    (scope) => !isProblem(scope) && scope.kind === 'resource' && scope.level === 'patient',
  )
  return { patient: encounter || aboutPatient || asksFor('patient'), encounter }
}
