import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { type Trust, trustsOf } from '#src/trust.ts'

/** A trust as the gateway sees it, with nothing behind it. */
export function aTrust(orgnr: string): Trust {
  const local = (port: number) => `http://localhost:${port}`
  const deployment = parseDeployment({
    world: 'demo',
    addresses: { launcher: local(4200), host: local(4300), auth: local(4400), gateway: local(4500) },
    trusts: [
      { orgnr, name: orgnr, shortName: orgnr, fhirUpstream: `${local(4300)}/fhir`, dicomwebUpstream: local(4301) },
    ],
  })
  const trust = trustsOf(deployment).get(orgnr)
  if (trust === undefined) throw new Error('the deployment names it')
  return trust
}
