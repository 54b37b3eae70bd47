import { OUS } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { type App, authorize, exchange, fhir, offer, registerApp, start } from '../lib/smart-client.ts'
import type { Contestant } from './contestant.ts'
import type { Recording } from './recording.ts'
import type { SignatureCost } from './signature-cost.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'
const LAUNCH = { tenant: OUS, user: 'stf101', role: 'agb101', patient: 'cdp1004' }

const tokensCost = ({ rs256Sign, es256Sign }: SignatureCost) => rs256Sign + es256Sign

export const registerBenchApp = ({ addresses }: Contestant): Promise<App> => registerApp(addresses, OUS, SCOPE)

/** Walks `count` launches stage by stage, so that each stage is a row of its own; answers the last access token. */
export async function walkLaunches(
  { addresses, pids }: Contestant,
  app: App,
  record: Recording,
  mode: 'alone' | 'together',
  count: number,
): Promise<string> {
  const auth = { mode, pid: pids.auth }
  const offers = await record.stage({
    ...auth,
    name: 'offer',
    items: Array.from({ length: count }, () => ({ ...LAUNCH, client_id: app.clientId })),
    step: (request) => offer(addresses, request),
    cost: ({ es256Verify }) => es256Verify,
  })
  const started = await record.stage({
    ...auth,
    name: 'start and check',
    items: offers,
    async step({ start_url }) {
      const browser = new HttpBrowser()
      return { browser, launch: (await start(browser, start_url)).launch }
    },
  })
  const codes = await record.stage({
    ...auth,
    name: 'authorize',
    items: started,
    async step({ browser, launch }) {
      const { redirect, verifier } = await authorize(browser, addresses, OUS, app, launch)
      return { code: redirect?.searchParams.get('code') ?? '', verifier }
    },
    cost: () => 0,
  })
  const tokens = await record.stage({
    ...auth,
    name: 'token (code)',
    items: codes,
    async step({ code, verifier }) {
      const { status, body } = await exchange(addresses, OUS, app, code, verifier)
      if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`)
      return body
    },
    cost: tokensCost,
  })
  await record.stage({
    ...auth,
    name: 'token (refresh)',
    items: tokens,
    async step(body) {
      const { status } = await exchange(addresses, OUS, app, '', '', {
        grant_type: 'refresh_token',
        refresh_token: String(body['refresh_token']),
        redirect_uri: '',
      })
      if (status !== 200) throw new Error(`no refreshed token: ${status}`)
    },
    cost: tokensCost,
  })
  await record.stage({
    mode,
    pid: pids.gateway,
    name: 'first read',
    items: tokens,
    step: (body) => fhir(addresses, OUS, String(body['access_token']), 'Patient/cdp1004'),
    cost: ({ es256Verify }) => es256Verify,
  })
  return String(tokens.at(-1)?.['access_token'])
}

const TYPES = [
  'AllergyIntolerance',
  'CarePlan',
  'Condition',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Flag',
  'Goal',
  'Immunization',
  'MedicationRequest',
  'NutritionOrder',
  'Observation',
  'Procedure',
  'ServiceRequest',
  'Specimen',
]
const THIRTY_LETTERS = ['launch', ...TYPES.map((type) => `patient/${type}.rs`)].join(' ')

export const registerWideApp = ({ addresses }: Contestant): Promise<App> => registerApp(addresses, OUS, THIRTY_LETTERS)

/** Issues thirty letters, each of them decided about, beside the three of the launches above. */
export async function issueThirtyLetters(
  { addresses, pids }: Contestant,
  app: App,
  record: Recording,
  mode: 'alone' | 'together',
  count: number,
): Promise<void> {
  const auth = { mode, pid: pids.auth }
  const started: { readonly browser: HttpBrowser; readonly launch: string }[] = []
  for (let done = 0; done < count; done += 1) {
    const { start_url } = await offer(addresses, { ...LAUNCH, client_id: app.clientId })
    const browser = new HttpBrowser()
    started.push({ browser, launch: (await start(browser, start_url)).launch })
  }
  const codes = await record.stage({
    ...auth,
    name: 'authorize, 30 letters',
    items: started,
    async step({ browser, launch }) {
      const { redirect, verifier } = await authorize(browser, addresses, OUS, app, launch)
      return { code: redirect?.searchParams.get('code') ?? '', verifier }
    },
    cost: () => 0,
  })
  await record.stage({
    ...auth,
    name: 'token (code), 30 letters',
    items: codes,
    async step({ code, verifier }) {
      const { status, body } = await exchange(addresses, OUS, app, code, verifier)
      if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`)
    },
    // Without `openid` there is no ID token.
    cost: ({ es256Sign }) => es256Sign,
  })
}
