import { APP_IDS, type DemoPorts } from './demo-ports.ts'

/** What the trusts of the demo world have approved each seeded app for. */
type AppEntry = { readonly name: string; readonly scope: string; readonly contexts: readonly ('patient' | 'unit')[] }

const IDENTITY = 'launch openid fhirUser online_access'

const APPS: Record<(typeof APP_IDS)[number], AppEntry> = {
  'pacs-viewer': {
    name: 'Bildeundersøkelser',
    scope: `${IDENTITY} patient/Patient.r patient/ImagingStudy.rs patient/DiagnosticReport.rs?category=RAD patient/Endpoint.r`,
    contexts: ['patient'],
  },
  nutrition: {
    name: 'Ernæring',
    scope: `${IDENTITY} patient/Patient.r patient/Observation.rs patient/AllergyIntolerance.rs patient/Condition.rs patient/NutritionOrder.rs patient/CarePlan.rs`,
    contexts: ['patient'],
  },
  'bliksund-live': {
    name: 'Ambulansejournal live',
    scope: `${IDENTITY} user/Encounter.rs?class=EMER user/Location.rs patient/Patient.r patient/Encounter.rs patient/Observation.rs patient/Condition.rs patient/AllergyIntolerance.rs`,
    contexts: ['patient', 'unit'],
  },
  multimonitor: {
    name: 'Multimonitor',
    scope: `${IDENTITY} patient/Patient.r patient/Observation.rs patient/DiagnosticReport.rs patient/DeviceMetric.rs patient/ServiceRequest.rs patient/Task.rs`,
    contexts: ['patient'],
  },
  'orders-results': {
    name: 'Bestilling og svar',
    scope: `${IDENTITY} patient/Patient.r patient/Encounter.rs patient/ServiceRequest.rs patient/Specimen.rs patient/DiagnosticReport.rs patient/Observation.rs?category=laboratory patient/Task.rs`,
    contexts: ['patient'],
  },
  mypath: {
    name: 'MyPath',
    scope: `${IDENTITY} patient/Patient.r patient/Encounter.rs patient/Condition.rs patient/QuestionnaireResponse.rs patient/Observation.rs?category=survey patient/CarePlan.rs patient/Goal.rs`,
    contexts: ['patient'],
  },
}

/** By default every stage acts on what policy decides; `log-only` would only tell, `off` asks nobody. */
const policyAt = (stage: 'enforce' | 'log-only' | 'off', pdp: string | undefined) => ({
  issuance: stage,
  gateway: stage,
  host: stage,
  ...(pdp === undefined ? {} : { pdp }),
})

/**
 * The deployment file of the demo world: two trusts, six apps, every process on loopback.
 * `appHost` puts the widgets on another site than the host (launch-binding needs both placements proven).
 * Its shape is `Deployment` of @uthopp/server-kit, whose parser has the last word.
 */
export function demoDeployment(
  ports: DemoPorts,
  appHost: 'localhost' | '127.0.0.1' = 'localhost',
  stage: 'enforce' | 'log-only' | 'off' = 'enforce',
  /** Decision points that are elsewhere, by the number of the trust. */
  pdps: Readonly<Record<string, string>> = {},
): unknown {
  const trust = (orgnr: string, name: string, shortName: string) => ({
    orgnr,
    name,
    shortName,
    policy: policyAt(stage, pdps[orgnr]),
  })
  const at = (port: number) => `http://localhost:${port}`
  const app = (clientId: (typeof APP_IDS)[number], origin: string) => ({
    clientId,
    ...APPS[clientId],
    origin,
    launchUris: [`${origin}/launch.html`],
    redirectUris: [`${origin}/index.html`, `${origin}/`],
  })
  return {
    world: 'demo',
    addresses: { launcher: at(ports.launcher), host: at(ports.host), auth: at(ports.auth), gateway: at(ports.gateway) },
    hostOrigins: [at(ports.host), `http://127.0.0.1:${ports.host}`],
    trusts: [
      trust('993467049', 'Oslo universitetssykehus HF', 'OUS'),
      trust('983971636', 'Akershus universitetssykehus HF', 'Ahus'),
    ],
    // The hospitals' own sites, and a page for developers that is nobody's yet; the bundle marks itself as made for tests.
    brands: {
      developerSite: 'https://developer.uthopp.example/',
      region: { orgnr: '991324968', name: 'Helse Sør-Øst RHF', site: 'https://www.helse-sorost.no/' },
      trusts: [
        { orgnr: '993467049', site: 'https://www.oslo-universitetssykehus.no/' },
        { orgnr: '983971636', site: 'https://www.ahus.no/' },
      ],
    },
    apps: APP_IDS.map((id, index) => app(id, `http://${appHost}:${ports.apps[index] ?? 0}`)),
  }
}
