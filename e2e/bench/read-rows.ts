import { OUS, type Addresses } from '../lib/addresses.ts'
import { DEMO_PASSWORD } from '../lib/demo-password.ts'
import type { Contestant } from './contestant.ts'
import { timePaired } from './measure.ts'

/** The same reads through the gateway and past it; durations of every round. */
export type ReadRow = { readonly name: string; readonly through: number[]; readonly direct: number[] }

const READS = [
  ['Patient by id', 'Patient/cdp1004'],
  ['50 observations', 'Observation?patient=cdp1004&_count=50'],
] as const

/** Signs in to the host as a clinician, so that the same store can be read without the gateway. */
async function signInDirectly(addresses: Addresses): Promise<string> {
  const answer = await fetch(`${addresses.host}/${OUS}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: addresses.host },
    body: JSON.stringify({ username: 'nordmann', password: DEMO_PASSWORD }),
  })
  if (!answer.ok) throw new Error(`the host refused the sign-in: ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

async function read(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, { headers: { accept: 'application/fhir+json', ...headers } })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${answer.status} from ${new URL(url).pathname}`)
  return text
}

/** Answers a function that takes `rounds` more of each read, through the gateway and directly in turns. */
export async function prepareReads({ addresses }: Contestant) {
  const cookie = await signInDirectly(addresses)
  const rows: readonly ReadRow[] = READS.map(([name]) => ({ name, through: [], direct: [] }))
  return {
    rows,
    clear: () => rows.forEach(({ through, direct }) => ((through.length = 0), (direct.length = 0))),
    async measure(rounds: number, accessToken: string): Promise<void> {
      for (const [index, [, path]] of READS.entries()) {
        const [through, direct] = await timePaired(
          rounds,
          () => read(`${addresses.fhirBase(OUS)}/${path}`, { authorization: `Bearer ${accessToken}` }),
          () => read(`${addresses.host}/${OUS}/fhir/${path}`, { cookie }),
        )
        rows[index]?.through.push(...through)
        rows[index]?.direct.push(...direct)
      }
    },
  }
}
