import type { DemoPorts } from '../../scripts/demo-ports.ts'

export const OUS = '993467049'
export const AHUS = '983971636'

/** Where the running world stands. `UTHOPP_E2E_PORTS` is set by whoever started it. */
function readPorts(): DemoPorts {
  const text = process.env['UTHOPP_E2E_PORTS']
  if (text === undefined) throw new Error('no world is running: UTHOPP_E2E_PORTS is not set')
  return JSON.parse(text) as DemoPorts // written by world-setup.ts from the same type
}

export const addressesOf = (ports: DemoPorts) => ({
  launcher: `http://localhost:${ports.launcher}`,
  host: `http://localhost:${ports.host}`,
  auth: `http://localhost:${ports.auth}`,
  gateway: `http://localhost:${ports.gateway}`,
  issuer: (orgnr: string) => `http://localhost:${ports.auth}/${orgnr}`,
  fhirBase: (orgnr: string) => `http://localhost:${ports.gateway}/${orgnr}/fhir`,
  dicomweb: (orgnr: string) => `http://localhost:${ports.gateway}/${orgnr}/dicomweb`,
  app: (index: number) => `http://localhost:${ports.apps[index] ?? 0}`,
})

export type Addresses = ReturnType<typeof addressesOf>

export const addresses = (): Addresses => addressesOf(readPorts())
