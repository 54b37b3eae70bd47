import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../scripts/demo-ports.ts'
import { startWorld } from '../../scripts/world.ts'
import { addressesOf, OUS, type Addresses } from '../lib/addresses.ts'
import { DEMO_PASSWORD } from '../lib/demo-password.ts'
import { measureLaunches } from './launch-rows.ts'
import { median, memoryOf, percentile, timePaired, type Timings } from './measure.ts'
import { measureSignatures } from './signature-cost.ts'

const ROUNDS = 300
const ms = (value: number) => value.toFixed(2).padStart(8)
const ratio = (value: number) => `${value.toFixed(2)} ×`.padStart(9)
const say = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`)

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

const data = mkdtempSync(join(tmpdir(), 'uthopp-bench-'))
const started = performance.now()
const world = await startWorld({ ports: await freePorts(), data })
const startUp = performance.now() - started
try {
  const addresses = addressesOf(world.ports)
  const [signatures, { rows, accessToken }, cookie] = [
    await measureSignatures(),
    await measureLaunches(addresses, world),
    await signInDirectly(addresses),
  ]

  console.log(
    '\nLaunch, SQLite on disk: wall clock a stage, and the authorization server’s own processor time beside the raw cost of its signatures\n',
  )
  say('stage            ', '  p50 ms', '  p95 ms', ' cpu ms', 'signatures ms', '    ratio')
  say('---', '---:', '---:', '---:', '---:', '---:')
  const cost: Record<string, number> = {
    offer: signatures.es256Verify,
    'token (code)': signatures.rs256Sign + signatures.es256Sign,
    'token (refresh)': signatures.rs256Sign + signatures.es256Sign,
  }
  for (const { stage, timings, authCpuMs } of rows) {
    const raw = cost[stage]
    say(
      stage.padEnd(17),
      ms(median(timings)),
      ms(percentile(timings, 0.95)),
      ms(authCpuMs),
      raw === undefined ? '            –' : ms(raw).padStart(13),
      raw === undefined ? '        –' : ratio(authCpuMs / raw),
    )
  }
  const both = (stage: string) => rows.find((row) => row.stage === stage)?.authCpuMs ?? Number.NaN
  const authorizeAndToken = both('authorize') + both('token (code)')
  const raw = signatures.rs256Sign + signatures.es256Sign
  say(
    'authorize + token',
    '        ',
    '        ',
    ms(authorizeAndToken),
    ms(raw).padStart(13),
    ratio(authorizeAndToken / raw),
  )

  console.log(
    '\nReads of the same store in turns, one client: through the gateway (token, scopes, compartment, every resource) and directly\n',
  )
  say('read              ', ' gateway p50', 'direct p50', '   added', '    ratio')
  say('---', '---:', '---:', '---:', '---:')
  const bearer = { authorization: `Bearer ${accessToken}` }
  const rowOf = async (name: string, path: string) => {
    const enforced = () => read(`${addresses.fhirBase(OUS)}/${path}`, bearer)
    const direct = () => read(`${addresses.host}/${OUS}/fhir/${path}`, { cookie })
    await timePaired(40, enforced, direct)
    const [through, straight]: readonly [Timings, Timings] = await timePaired(ROUNDS, enforced, direct)
    const [a, b] = [median(through), median(straight)]
    say(name.padEnd(18), ms(a).padStart(12), ms(b).padStart(10), ms(a - b), ratio(a / b))
  }
  await rowOf('Patient by id', 'Patient/cdp1004')
  await rowOf('50 observations', 'Observation?patient=cdp1004&_count=50')

  console.log('\nProcesses: resident memory after all of the above\n')
  say('process   ', '      MB')
  say('---', '---:')
  for (const [name, pid] of Object.entries(world.pids)) say(name.padEnd(10), ms(memoryOf(pid)))
  console.log(`\nStart-up with a fresh database until every process was ready: ${(startUp / 1000).toFixed(1)} s`)
  console.log(
    `Raw signatures on this machine now, processor ms: RS256 ${signatures.rs256Sign.toFixed(3)}, ES256 ${signatures.es256Sign.toFixed(3)}, ES256 check ${signatures.es256Verify.toFixed(3)}`,
  )
} finally {
  await world.stop()
  rmSync(data, { recursive: true, force: true })
}
