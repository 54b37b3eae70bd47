import { setTimeout as sleep } from 'node:timers/promises'
import { OUS } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { type App, authorize, exchange, offer, start } from '../lib/smart-client.ts'
import type { Contestant } from './contestant.ts'
import { timePaired } from './measure.ts'
import { storeToken } from './process-keys.ts'

/** The same reads through the gateway and past it; durations of every round. */
export type ReadRow = { readonly name: string; readonly through: number[]; readonly direct: number[] }

const searchOf = (patient: string): string => `Observation?patient=${patient}&_count=50`
const READS = [
  ['Patient by id', 'Patient/cdp1004'],
  ['50 observations, permits at hand', searchOf('cdp1004')],
] as const
const FIRST = '50 observations, nothing permitted in the last 4 s'
/** Patients in the care of the bench's clinician, each a case of its own. */
const PATIENTS = ['cdp1001', 'cdp1003', 'cdp1005', 'cdp1007'] as const
/** Longer than a permit or a fact is remembered (contracts §5). */
const FORGOTTEN_AFTER_MS = 4200

async function read(url: string, bearer: string, tries = 10): Promise<string> {
  const headers = { accept: 'application/fhir+json', authorization: `Bearer ${bearer}` }
  const answer = await fetch(url, { headers })
  const text = await answer.text()
  // A machine so busy that the host was not heard for two seconds is told of by the medians, not by an end.
  if (answer.status === 503 && tries > 1) {
    await sleep(1000)
    return read(url, bearer, tries - 1)
  }
  if (answer.status !== 200) throw new Error(`${answer.status} from ${new URL(url).pathname}`)
  return text
}

async function tokenFor({ addresses }: Contestant, app: App, patient: string): Promise<string> {
  const request = { tenant: OUS, user: 'stf101', role: 'agb101', patient, client_id: app.clientId }
  const browser = new HttpBrowser()
  const { launch } = await start(browser, (await offer(addresses, request)).start_url)
  const { redirect, verifier } = await authorize(browser, addresses, OUS, app, launch)
  const { body } = await exchange(addresses, OUS, app, redirect?.searchParams.get('code') ?? '', verifier)
  return String(body['access_token'])
}

/** Answers a function that takes `rounds` more of each read, through the gateway and directly in turns. */
export async function prepareReads(contestant: Contestant, app: App) {
  const { addresses } = contestant
  const rows: readonly ReadRow[] = [...READS.map(([name]) => name), FIRST].map((name) => ({
    name,
    through: [],
    direct: [],
  }))
  let searchedAt = Number.NEGATIVE_INFINITY
  let rowsMeasured = 0

  async function measureRow(name: string, rounds: number, path: string, token: string, direct: string): Promise<void> {
    const [through, past] = await timePaired(
      rounds,
      () => read(`${addresses.fhirBase(OUS)}/${path}`, token),
      () => read(`${addresses.host}/${OUS}/fhir/${path}`, direct),
      // Who comes second finds the store awake and the rows in its memory.
      rowsMeasured++ % 2 === 0 ? 0 : 1,
    )
    const row = rows.find((each) => each.name === name)
    row?.through.push(...through)
    row?.direct.push(...past)
  }

  return {
    rows,
    clear: () => rows.forEach(({ through, direct }) => ((through.length = 0), (direct.length = 0))),
    async measure(rounds: number, accessToken: string): Promise<void> {
      const direct = await storeToken(contestant)
      const tokens: [patient: string, token: string][] = []
      for (const patient of PATIENTS) tokens.push([patient, await tokenFor(contestant, app, patient)])
      // What the gateway learns once of a token is learnt before: this row is about decisions.
      for (const [patient, token] of tokens) await read(`${addresses.fhirBase(OUS)}/Patient/${patient}`, token)
      await sleep(Math.max(0, searchedAt + FORGOTTEN_AFTER_MS - performance.now()))
      for (const [patient, token] of tokens) await measureRow(FIRST, 1, searchOf(patient), token, direct)
      searchedAt = performance.now()
      rowsMeasured += 1 // so that the next time each patient's turn is the other way round
      for (const [name, path] of READS) await measureRow(name, rounds, path, accessToken, direct)
    },
  }
}
