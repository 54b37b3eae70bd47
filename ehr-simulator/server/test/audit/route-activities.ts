import type { Activity } from '@uthopp/audit/activities'

/** What the log hears of an address of the host, or why it hears nothing of it. */
type RouteInLog =
  | { readonly kind: 'told'; readonly activities: readonly [Activity, ...Activity[]] }
  | { readonly kind: 'silent'; readonly why: string }

const told = (...activities: readonly [Activity, ...Activity[]]): RouteInLog => ({ kind: 'told', activities })
const silent = (why: string): RouteInLog => ({ kind: 'silent', why })

const PUBLIC = silent('anybody may read it, and it is about nobody')
const DIRECTORY = silent('the authorization server asks, and tells of what came of it under the same correlation id')
const FACTS = silent(
  'a process that decides about access asks, and tells of each decision under the same correlation id',
)
const DOOR = silent('tells only whether somebody is signed in, and who that is themselves')

/** Every address of the host but FHIR and imaging, which only the gateway opens. `test/audit` holds this list against the routes. */
export const LOG_OF_ROUTE: ReadonlyMap<string, RouteInLog> = new Map([
  ['GET /openapi.json', PUBLIC],
  ['GET /:orgnr/jwks.json', PUBLIC],
  ['GET /:orgnr/style/:file', PUBLIC],
  ['POST /:orgnr/directory/users/find', DIRECTORY],
  ['POST /:orgnr/directory/users/verify', DIRECTORY],
  ['POST /:orgnr/directory/patients/search', DIRECTORY],
  ['POST /:orgnr/directory/context/check', DIRECTORY],
  ['POST /:orgnr/directory/patients/describe', DIRECTORY],
  ['POST /:orgnr/directory/patients/identify', DIRECTORY],
  ['POST /:orgnr/directory/log-names', DIRECTORY],
  ['POST /:orgnr/directory/world', silent('demo world only: the synthetic people, for the developer portal')],
  ['POST /:orgnr/facts/cases', FACTS],
  ['GET /:orgnr/facts/changes', FACTS],
  ['GET /:orgnr/facts/contacts', FACTS],
  ['GET /:orgnr/facts/blocks', FACTS],
  ['GET /:orgnr/facts/decisions', FACTS],
  ['GET /:orgnr/facts/care-team', FACTS],
  ['GET /:orgnr/facts/licences', FACTS],
  ['POST /:orgnr/caac/decide', FACTS],
  ['POST /:orgnr/facts/adt', told('responsibility-changed')],
  ['POST /:orgnr/facts/blocks', told('block-changed')],
  ['POST /:orgnr/facts/blocks/lift', told('block-changed')],
  ['POST /:orgnr/facts/responsibilities', told('responsibility-changed')],
  ['POST /:orgnr/facts/responsibilities/end', told('responsibility-changed')],
  ['POST /:orgnr/facts/care-team', told('responsibility-changed')],
  ['POST /:orgnr/facts/decisions', told('decision-changed')],
  ['POST /:orgnr/facts/decisions/end', told('decision-changed')],
  ['POST /:orgnr/facts/licences', told('responsibility-changed')],
  ['GET /:orgnr/innbygger/api/trust', DOOR],
  ['GET /:orgnr/innbygger/api/session', DOOR],
  ['POST /:orgnr/innbygger/api/session', told('login', 'login-refused')],
  ['POST /:orgnr/innbygger/api/session/end', told('logout')],
  ['GET /:orgnr/innbygger/api/log', silent('the authorization server tells of every reading of its log')],
  ['GET /:orgnr/innbygger/api/blocks', silent('a citizen reads what they themselves closed')],
  ['POST /:orgnr/innbygger/api/blocks', told('block-changed')],
  ['POST /:orgnr/innbygger/api/blocks/lift', told('block-changed')],
  ['GET /:orgnr/api/trust', DOOR],
  ['GET /:orgnr/api/session', DOOR],
  ['POST /:orgnr/api/session', told('login', 'login-refused')],
  ['POST /:orgnr/api/session/role', told('role-changed')],
  ['POST /:orgnr/api/session/end', told('logout')],
  ['GET /:orgnr/api/unit', told('fhir-access')],
  ['POST /:orgnr/api/patients/search', told('fhir-access')],
  ['POST /:orgnr/api/patients/find', told('fhir-access')],
  ['GET /:orgnr/api/patients/:id', told('patient-opened')],
  ['GET /:orgnr/api/patients/:id/access', told('fhir-access')],
  ['GET /:orgnr/api/patients/:id/blocked', told('fhir-access')],
  ['POST /:orgnr/api/access', told('self-authorized', 'self-authorization-refused')],
  ['POST /:orgnr/api/access/renew', told('self-authorized', 'self-authorization-refused')],
  ['POST /:orgnr/api/access/end', told('decision-changed', 'break-glass-stopped')],
  ['POST /:orgnr/api/glass', told('break-glass-started', 'break-glass-refused')],
  ['GET /:orgnr/api/control', told('log-read')],
  ['POST /:orgnr/api/control/review', told('emergency-reviewed')],
  ['POST /:orgnr/api/launches', silent('the authorization server tells of every offer under the same correlation id')],
  ['POST /:orgnr/api/launches/end', told('patient-switch', 'patient-closed')],
])
