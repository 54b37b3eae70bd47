import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWeb } from './build-web.ts'
import { APP_IDS, portsFrom } from './demo-ports.ts'
import { startWorld, WorldProblem } from './world.ts'

const options = readOptions()
const ports = portsFrom(process.env)
if (!('launcher' in ports)) {
  for (const problem of ports) console.error(problem)
  process.exit(78)
}

try {
  await buildWeb((line) => console.log(line))
  const databaseUrl = process.env['UTHOPP_DATABASE']
  const world = await startWorld({
    ports,
    ...(options.memory ? {} : { data: resolve(process.env['UTHOPP_DATA'] ?? '.data') }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  const line = (what: string, address: string) => console.log(`  ${what.padEnd(34)} ${address}`)
  console.log('\nUthopp is running. Test environment: synthetic people only.\n')
  line('host, Oslo universitetssykehus', `http://localhost:${ports.host}/993467049`)
  line('host, Akershus universitetssykehus', `http://localhost:${ports.host}/983971636`)
  line('launcher for app developers', `http://localhost:${ports.launcher}`)
  line('authorization server', `http://localhost:${ports.auth}/993467049`)
  line('FHIR gateway', `http://localhost:${ports.gateway}/993467049/fhir`)
  for (const [index, id] of APP_IDS.entries()) line(`app ${id}`, `http://localhost:${ports.apps[index]}`)
  console.log(
    '\nSign in to the host as `nordmann` with the password `uthopp-demo`, open HANSEN, Nora, click Bildeundersøkelser.',
  )
  console.log(
    `Logs: ${world.logs}. Ctrl-C stops everything${options.memory ? ' and keeps nothing' : '; `npm run reset` starts afresh'}.`,
  )

  let stopping = false
  const stop = (code: number) => {
    if (stopping) return
    stopping = true
    void world.stop().then(() => process.exit(code))
  }
  process.on('SIGINT', () => stop(0))
  process.on('SIGTERM', () => stop(0))
  const why = await world.broken
  if (!stopping) console.error(`${why}\nA world with a part missing helps nobody: stopping the rest.`)
  stop(1)
} catch (error) {
  console.error(error instanceof WorldProblem ? error.message : error)
  process.exit(1)
}

function readOptions(): { readonly memory: boolean } {
  try {
    return parseArgs({ options: { memory: { type: 'boolean', default: false } } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : 'unknown option'}; there is only --memory`)
    process.exit(78)
  }
}
