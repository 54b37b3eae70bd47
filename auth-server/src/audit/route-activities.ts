import type { Activity } from '@uthopp/audit/activities'

/** What the log hears of an address: everything that can happen there, and as what a stranger's refusal stands in it; or why it hears nothing. */
type RouteInLog =
  | { readonly kind: 'told'; readonly activities: readonly Activity[]; readonly refused: Activity | undefined }
  | { readonly kind: 'silent'; readonly why: string }

const told = (activities: readonly Activity[], refused?: Activity): RouteInLog => ({
  kind: 'told',
  activities,
  refused,
})
const silent = (why: string): RouteInLog => ({ kind: 'silent', why })

const PUBLIC = silent('anybody may read it, and it is about nobody')
const PREFLIGHT = silent('a browser asks what it may ask; nothing is done')
const LOG = told(['log-read'], 'log-read-refused')
/** Whoever asks enforces the answer and tells of it with what came of it; attempts of strangers are told here. */
const ASKED = told([], 'policy-asked')
const REGISTRATION = told(['registration-changed'], 'registration-refused')
const STARTED = told(['launch-started', 'launch-refused'], 'launch-refused')
const AUTHORIZATION = told(
  ['launch-redeemed', 'launch-refused', 'scope-decided', 'authorization-refused'],
  'authorization-refused',
)
/** A page tells of the patients it names; that there is none for this person, or for this browser, is a refusal. */
const INTERACTION_PAGE = told(['fhir-access', 'scope-decided', 'authorization-refused'], 'authorization-refused')
const INTERACTION = told(
  [
    'login',
    'login-refused',
    'fhir-access',
    'consent-given',
    'consent-denied',
    'scope-decided',
    'authorization-refused',
  ],
  'authorization-refused',
)

/** Every address of one issuer. `test/audit` holds this list against the routes. */
export const LOG_OF_ROUTE: ReadonlyMap<string, RouteInLog> = new Map([
  ['GET /openapi.json', PUBLIC],
  ['GET /.well-known/smart-configuration', PUBLIC],
  ['GET /.well-known/openid-configuration', PUBLIC],
  ['OPTIONS /.well-known/openid-configuration', PREFLIGHT],
  ['GET /jwks', PUBLIC],
  ['OPTIONS /jwks', PREFLIGHT],
  ['POST /launches', told(['launch-offered', 'launch-ended', 'scope-decided'], 'launch-refused')],
  ['POST /launches/end', told(['launch-ended'], 'launch-refused')],
  ['GET /launches/apps', silent('a list of apps, about nobody')],
  ['POST /register', REGISTRATION],
  ['GET /register/:client', silent('an app reads its own registration')],
  ['PUT /register/:client', REGISTRATION],
  ['DELETE /register/:client', REGISTRATION],
  ['GET /revocations', silent('ids of what died, for the processes that must know')],
  ['GET /explain/:correlation', told(['explanation-read'], 'log-read-refused')],
  ['POST /explain/replay', LOG],
  ['GET /.well-known/authzen-configuration/:orgnr/pdp', PUBLIC],
  ['POST /pdp/access/v1/evaluation', ASKED],
  ['POST /pdp/access/v1/evaluations', ASKED],
  ['POST /pdp/access/v1/search/:what', told(['policy-asked'], 'policy-asked')],
  ['POST /pdp/what-if', told(['policy-asked'], 'policy-asked')],
  ['GET /pdp/rules', silent('the rule book, about nobody')],
  ['POST /start/:secret', STARTED],
  ['GET /start/:secret', STARTED],
  ['GET /start/:launch/check', told(['launch-refused'], 'launch-refused')],
  ['GET /auth', AUTHORIZATION],
  ['POST /auth', AUTHORIZATION],
  ['GET /auth/:interaction', told(['scope-decided', 'authorization-refused'], 'authorization-refused')],
  ['GET /interaction/:interaction', INTERACTION_PAGE],
  ['POST /interaction/:interaction', INTERACTION],
  ['GET /apps', silent('a person reads what they themselves allowed')],
  ['POST /apps', told(['login', 'login-refused', 'consent-withdrawn'], 'login-refused')],
  [
    'POST /token',
    told(['token-issued', 'token-refreshed', 'scope-decided', 'launch-ended', 'token-refused'], 'token-refused'),
  ],
  ['OPTIONS /token', PREFLIGHT],
  ['POST /introspect', told(['token-introspected'], 'token-refused')],
  ['OPTIONS /introspect', PREFLIGHT],
  ['POST /revoke', told(['token-revoked'], 'token-refused')],
  ['OPTIONS /revoke', PREFLIGHT],
  // The records themselves tell what they are about.
  ['POST /audit/records', told([], 'log-write-refused')],
  ['GET /audit/AuditEvent', LOG],
  ['POST /audit/AuditEvent/_search', LOG],
  ['GET /audit/AuditEvent/:id', LOG],
  ['GET /audit/patient/:patient', LOG],
  ['GET /audit/activities', LOG],
])

/** The router's template without the trust it begins with. */
export const routeKey = (method: string, template: string): string =>
  `${method} ${template.replace(/^\/:orgnr(?=\/)/, '')}`
