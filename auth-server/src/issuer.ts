import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose'
import type { Outbox } from '@uthopp/audit/outbox'
import type { Database } from '@uthopp/storage/database'
import { tenantOf } from '@uthopp/storage/tenant'
import { type Deployment, directoryOf, fhirBaseOf, issuerOf, type TrustDeployment } from '@uthopp/server-kit/deployment'
import { publicJwks } from '@uthopp/server-kit/keys'
import type { Log } from '@uthopp/server-kit/log'
import { createServiceSigner, type ServiceSigner } from '@uthopp/server-kit/service-token'
import { createAuditRoom } from '#src/audit/audit-room.ts'
import { auditedEvents } from '#src/audit/audited-events.ts'
import { createStrangers } from '#src/audit/strangers.ts'
import { createAuditTrail } from '#src/audit/trail.ts'
import { applyDeployment, keyAddressesOf } from '#src/clients/deployment-clients.ts'
import { createKeySets } from '#src/clients/key-sets.ts'
import { createScopedCallers } from '#src/clients/scoped-caller.ts'
import { createHttpDirectory } from '#src/directory/http-directory.ts'
import { gatewayOfferOf, smartConfigurationOf } from '#src/discovery/discovery.ts'
import type { AskBooks } from '#src/explain/ask-books.ts'
import { createShownPatients } from '#src/interaction/shown-patients.ts'
import { createSignIns } from '#src/standalone/sign-ins.ts'
import { openKeyRing } from '#src/keys/key-ring.ts'
import { jwksMaxAgeSeconds, type KeySchedule } from '#src/keys/stages.ts'
import { createCallerLimits } from '#src/limits/caller-limits.ts'
import { DEFAULT_LIMITS, type Limits } from '#src/limits/limits.ts'
import { createLaunchDesk } from '#src/launch/desk.ts'
import { createLaunchEvents, SILENT } from '#src/launch/events.ts'
import { createHostAuth } from '#src/launch/host-auth.ts'
import { errorPage } from '#src/pages/error-page.ts'
import { recordsOf } from '#src/policy/audit-records.ts'
import { createIssuancePolicy } from '#src/policy/issuance.ts'
import type { OpenPolicy } from '#src/policy/open-policy.ts'
import type { IssuanceWitness } from '#src/policy/witness.ts'
import { createPolicyRoom } from '#src/policy/policy-room.ts'
import type { ProviderSettings } from '#src/provider/configuration.ts'
import { createProvider } from '#src/provider/create-provider.ts'
import { createAdmission } from '#src/registration/admission.ts'
import { fetchGuarded } from '#src/registration/guarded-fetch.ts'
import { createRevocationLog } from '#src/revocations/sql-revocations.ts'
import { createRevocationStream } from '#src/revocations/stream.ts'
import { createConsentStore } from '#src/storage/sql-consents.ts'
import { createClientRevocations } from '#src/revocations/client-revocations.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { createRegistrations } from '#src/storage/sql-registrations.ts'
import { createInitialTokens } from '#src/storage/sql-initial-tokens.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { createLaunchStore } from '#src/storage/sql-launches.ts'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { createStandaloneLaunchStore } from '#src/storage/sql-standalone-launches.ts'

export type IssuerDeps = {
  readonly deployment: Deployment
  readonly db: Database
  readonly log: Log
  readonly now: () => Date
  readonly limits?: Limits
  readonly keySchedule: KeySchedule
  readonly openPolicy: OpenPolicy
  /** Puts questions to rule books beside the one that decides. */
  readonly askBooks: AskBooks
  /** Where what happens here is written down before it is answered. */
  readonly outbox: Pick<Outbox, 'write'>
  /** Ends what would otherwise never end. */
  readonly stopping: AbortSignal
}

/** A trust where policy is not acted on says so wherever somebody may look. */
const watchedOnly = ({ orgnr, policy: { issuance } }: TrustDeployment): readonly string[] =>
  issuance === 'enforce' ? [] : [`${orgnr}: policy at issuance is ${issuance}; it takes nothing from anybody`]

function trustOf({ trusts }: Deployment, orgnr: string): TrustDeployment {
  const trust = trusts.find((one) => one.orgnr === orgnr)
  if (trust === undefined) throw new Error('an issuer is made for a trust of the deployment')
  return trust
}

/** What an ID token here can have; the library would name the session's id, which none has. */
const ID_TOKEN_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'fhirUser']

/** Everything one trust's issuer is made of. */
export async function createIssuer(deps: IssuerDeps, orgnr: string) {
  const { deployment, db, now } = deps
  const tenant = tenantOf(orgnr)
  const issuer = issuerOf(deployment, orgnr)
  const place = { tenant, fhirBase: fhirBaseOf(deployment, orgnr) }
  const limits = deps.limits ?? DEFAULT_LIMITS
  const recordLost = (error: unknown) => deps.log.error('audit-record-lost', { tenant: orgnr, error })
  const strangers = createStrangers({
    tenant: orgnr,
    limits,
    tell: (record) => void deps.outbox.write([record]).catch(recordLost),
    now,
  })
  const trail = createAuditTrail({ outbox: deps.outbox, strangers, failed: recordLost })
  const events = auditedEvents({ events: createLaunchEvents(deps.log, orgnr), trail, tenant, now })
  const clients = createClientStore(db, tenant)
  const registrations = createRegistrations(db, tenant)
  const admission = createAdmission({ registrations, limits, events, now })
  const launches = createLaunchStore(db, tenant)
  const rows = createOidcRows(db, tenant)
  const keyRing = await openKeyRing({
    store: createKeyStore(db, tenant),
    schedule: deps.keySchedule,
    now,
    stopping: deps.stopping,
    changed: ({ published }) => events.tell('signing-keys-changed', { count: published.length }),
    failed: (error) => deps.log.error('signing-keys-unread', { tenant: orgnr, error }),
  })
  await applyDeployment(clients, deployment, orgnr, now())
  const standaloneLaunches = createStandaloneLaunchStore(db, tenant)
  const consents = createConsentStore(db, tenant)
  const signerNow = keyRing.derive((keys) => createServiceSigner({ key: keys.accessToken, issuer, now }))
  const signer: ServiceSigner = { bearer: (audience, scope) => signerNow().bearer(audience, scope) }
  const trust = trustOf(deployment, orgnr)
  for (const reason of watchedOnly(trust)) deps.log.warn('policy-not-enforced', { tenant: orgnr, reason })
  const opened = deps.openPolicy({ trust, signer, log: deps.log, events, now, stopping: deps.stopping })
  const asked = { decisionPoint: opened.point, stage: trust.policy.issuance, now }
  const witness: IssuanceWitness = async (record) => trail.note(...recordsOf(record, now()))
  const policy = createIssuancePolicy({ ...asked, events, witness })
  const preview = createIssuancePolicy({ ...asked, events: SILENT, witness: async () => undefined })
  const desk = createLaunchDesk({ place, launches, standaloneLaunches, policy, events, now })
  const directory = createHttpDirectory({ address: directoryOf(deployment, orgnr), signer })
  const signIns = createSignIns({ rows, tenant, now })
  const hostOrigins = deployment.hostOrigins
  const named = keyAddressesOf(deployment, orgnr)
  const launchAudience = `${issuer}/launches`
  const revocationAudience = `${issuer}/revocations`
  const introspectionAudience = `${issuer}/introspect`
  const smartConfiguration = smartConfigurationOf(issuer, gatewayOfferOf(deployment, orgnr))
  const settings = {
    issuer,
    ...place,
    ownApis: new Map([
      [launchAudience, ['__launch']],
      [revocationAudience, ['__revocations']],
      [introspectionAudience, ['__introspect']],
      [`${issuer}/audit`, ['__audit.write', '__audit.read']],
      [`${issuer}/pdp`, ['__pdp.evaluate', '__pdp.search']],
    ]),
    jwksMaxAgeSeconds: jwksMaxAgeSeconds(deps.keySchedule),
    rows,
    clients,
    keySets: createKeySets(
      (address) => fetchGuarded(address, named.has(address) ? 'named' : deployment.world),
      now,
      (reason) => deps.log.error('client-keys-unavailable', { tenant: orgnr, reason }),
    ),
    desk,
    policy,
    settleAudit: trail.settle,
    tokenIssued: (clientId: string) => admission.used(clientId),
    clientRevocations: createClientRevocations(db, tenant),
    standalone: { place, clients, directory, consents, signIns, standaloneLaunches, policy, preview, events, now },
    events,
    discovery: {
      scopes_supported: smartConfiguration.scopes_supported,
      registration_endpoint: smartConfiguration.registration_endpoint,
      // One truth in both documents; ES256 is what processes of ours sign with, and no app needs to know.
      token_endpoint_auth_signing_alg_values_supported:
        smartConfiguration.token_endpoint_auth_signing_alg_values_supported,
      claims_supported: ID_TOKEN_CLAIMS,
      response_modes_supported: ['query'],
    },
    errorPage: (given) => errorPage({ ...given, frameAncestors: hostOrigins }),
    now,
  } satisfies Omit<ProviderSettings, 'keys'>
  const providerNow = keyRing.derive((keys) => createProvider({ ...settings, keys }))
  const jwksNow = keyRing.derive(({ published }) => createLocalJWKSet(publicJwks(published)))
  const issuerKeys: JWTVerifyGetKey = (header, token) => jwksNow()(header, token)
  const scopedCallers = (audience: string, api: string) =>
    createScopedCallers({ issuer, audience, api, issuerKeys, clients, now })
  const requireHost = createHostAuth(scopedCallers(launchAudience, 'the launch API'))
  const revocationStream = createRevocationStream({
    requireScope: scopedCallers(revocationAudience, 'the revocation stream'),
    revocations: createRevocationLog(db, tenant),
    now,
    stopping: deps.stopping,
  })
  const audit = createAuditRoom({ issuer, trust, tenant, db, trail, issuerKeys, clients, directory, now })
  return {
    issuer,
    ...createPolicyRoom({
      issuer,
      tenant,
      db,
      opened,
      trail,
      issuerKeys,
      accessTokens: () => providerNow().accessTokens,
      clients,
      directory,
      askBooks: deps.askBooks,
      now,
    }),
    smartConfiguration,
    place,
    world: deployment.world,
    events,
    audit,
    admission,
    registrations,
    initialTokens: createInitialTokens(db, tenant),
    callerLimits: createCallerLimits({ issuer, rows, limits, events, now }),
    clients,
    launches,
    policy,
    preview,
    policyStage: trust.policy.issuance,
    policyWarnings: () => [...watchedOnly(trust), ...opened.warnings()],
    decisionPoint: opened.point,
    rows,
    /** Read anew by each request, which then ends with the one it began with. */
    get provider() {
      return providerNow()
    },
    requireHost,
    revocationStream,
    directory,
    consents,
    signIns,
    tellShown: createShownPatients({ trail, tenant, now }),
    standaloneLaunches,
    hostOrigins,
    now,
  }
}

export type Issuer = Awaited<ReturnType<typeof createIssuer>>
