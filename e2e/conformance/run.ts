import { parseArgs } from 'node:util'
import { portsFrom } from '../../scripts/demo-ports.ts'
import { addressesOf, OUS } from '../lib/addresses.ts'
import { runBackendService } from './backend-service.ts'
import { CLIENT_KINDS, isOffered, serveKeys } from './client-kinds.ts'
import { runFlow } from './flow.ts'
import { hasFailed, type Outcomes, STEPS } from './steps.ts'
import { discover, targetOf } from './target.ts'

/**
 * Drives every client kind the server offers from registration to revocation and prints what became of each step.
 *
 * Against a running world: the demo's ports, those of the environment (`AUTH_PORT` and the others), or any server by
 * `--fhir <base> --launcher <address> --tenant <orgnr>`.
 */
const { values: options } = parseArgs({
  options: { fhir: { type: 'string' }, launcher: { type: 'string' }, tenant: { type: 'string', default: OUS } },
})
const ports = portsFrom(process.env)
if (!('launcher' in ports)) {
  for (const problem of ports) console.error(problem)
  process.exit(78)
}
const world = addressesOf(ports)
const target = targetOf({
  tenant: options.tenant,
  fhirBase: options.fhir ?? world.fhirBase(options.tenant),
  launcher: options.launcher ?? world.launcher,
})

const keyServer = await serveKeys()
const reasons: string[] = []
const WIDTH = 38
const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`)

function print(name: string, outcomes: Outcomes | undefined): void {
  const cells = STEPS.map((step) => {
    const outcome = outcomes === undefined ? (step === STEPS[0] ? 'not offered' : '') : (outcomes.get(step) ?? '–')
    if (typeof outcome === 'string') return outcome
    reasons.push(`${name}, ${step}: ${outcome.refused}`)
    return 'REFUSED'
  })
  if (outcomes !== undefined && hasFailed(outcomes)) process.exitCode = 1
  line([name.padEnd(WIDTH), ...cells.map((cell, index) => cell.padEnd(STEPS[index]?.length ?? 0))])
}

try {
  const smart = await discover(target)
  line(['client kind'.padEnd(WIDTH), ...STEPS])
  line(['---', ...STEPS.map(() => '---')])
  for (const launch of ['ehr', 'standalone'] as const)
    for (const kind of CLIENT_KINDS) {
      const offered = isOffered(kind, smart) && smart.capabilities.includes(`launch-${launch}`)
      const outcomes = offered ? await runFlow({ target, smart, kind, launch, keyServer }) : undefined
      print(`${launch === 'ehr' ? 'EHR' : 'standalone'}: ${kind.name}`, outcomes)
    }
  for (const [algorithm, opaque] of [
    ['RS384', false],
    ['ES384', false],
    ['RS384', true],
  ] as const)
    print(
      `backend service: ${algorithm}${opaque ? ', opaque tokens' : ''}`,
      smart.grant_types_supported.includes('client_credentials')
        ? await runBackendService({ target, smart, algorithm, keyServer, opaque })
        : undefined,
    )
} catch (error) {
  reasons.push(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  await keyServer.close()
}
for (const reason of reasons) console.error(reason)
