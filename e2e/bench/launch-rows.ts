import type { World } from '../../scripts/world.ts'
import type { Addresses } from '../lib/addresses.ts'
import { OUS } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { authorize, exchange, fhir, offer, registerApp, start } from '../lib/smart-client.ts'
import { cpuPerPiece, timeEach, type Timings } from './measure.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'
const COUNT = 250
const WARM_UP = 200

/** One stage of a launch: its wall clock, and the authorization server's own processor time for each. */
export type LaunchRow = { readonly stage: string; readonly timings: Timings; readonly authCpuMs: number }

/** Walks the same launches stage by stage, so that each stage's processor time can be read off the server alone. */
export async function measureLaunches(
  addresses: Addresses,
  world: World,
): Promise<{ readonly rows: readonly LaunchRow[]; readonly accessToken: string }> {
  await walk(addresses, world, WARM_UP)
  return walk(addresses, world, COUNT)
}

async function walk(addresses: Addresses, world: World, count: number) {
  const app = await registerApp(addresses, OUS, SCOPE)
  const rows: LaunchRow[] = []
  const stage = async <T, R>(name: string, items: readonly T[], step: (item: T) => Promise<R>): Promise<R[]> => {
    const { result, cpuMs } = await cpuPerPiece(world.pids.auth, items.length, () => timeEach(items, step))
    rows.push({ stage: name, timings: result.timings, authCpuMs: cpuMs })
    return result.results
  }
  const rounds = Array.from({ length: count }, () => ({
    tenant: OUS,
    client_id: app.clientId,
    user: 'stf101',
    role: 'agb101',
    patient: 'cdp1004',
  }))
  const offers = await stage('offer', rounds, (request) => offer(addresses, request))
  const started = await stage('start and check', offers, async ({ start_url }) => {
    const browser = new HttpBrowser()
    return { browser, launch: (await start(browser, start_url)).launch }
  })
  const codes = await stage('authorize', started, async ({ browser, launch }) => {
    const { redirect, verifier } = await authorize(browser, addresses, OUS, app, launch)
    return { code: redirect?.searchParams.get('code') ?? '', verifier }
  })
  const tokens = await stage(
    'token (code)',
    codes,
    async ({ code, verifier }) => (await exchange(addresses, OUS, app, code, verifier)).body,
  )
  await stage('token (refresh)', tokens, (body) =>
    exchange(addresses, OUS, app, '', '', {
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
      redirect_uri: '',
    }),
  )
  await stage('first read', tokens, (body) => fhir(addresses, OUS, String(body['access_token']), 'Patient/cdp1004'))
  return { rows, accessToken: String(tokens.at(-1)?.['access_token']) }
}
