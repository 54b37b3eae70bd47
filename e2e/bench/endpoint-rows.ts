import { OUS } from '../lib/addresses.ts'
import type { Contestant } from './contestant.ts'
import { hostAssertions } from './process-keys.ts'
import type { Cost, Recording } from './recording.ts'

/** A request to the authorization server that stands alone. `prepare` is not measured. */
type Endpoint = {
  readonly name: string
  readonly cost?: Cost
  readonly prepare: () => Promise<RequestInit>
  readonly url: string
}

async function ask(url: string, init: RequestInit): Promise<void> {
  const answer = await fetch(url, init)
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${answer.status} from ${new URL(url).pathname}: ${text.slice(0, 200)}`)
}

const assertedForms = async (data: string, issuer: string) => {
  const assertion = await hostAssertions(data, issuer)
  return async () =>
    new URLSearchParams({
      grant_type: 'client_credentials',
      scope: '__launch',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(),
    })
}

/** The requests beside the launch, each a row; `accessToken` asks about itself, as any app may (contracts §6). */
export async function endpointsOf({ addresses, data }: Contestant, accessToken: string): Promise<readonly Endpoint[]> {
  const issuer = addresses.issuer(OUS)
  const asserted = await assertedForms(data, issuer)
  const about = {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: new URLSearchParams({ token: accessToken }),
  }
  const plain = async () => ({})
  return [
    {
      name: 'introspection',
      url: `${issuer}/introspect`,
      prepare: async () => about,
      cost: ({ es256Verify }) => es256Verify,
    },
    {
      name: 'client_credentials',
      url: `${issuer}/token`,
      prepare: async () => ({ method: 'POST', body: await asserted() }),
      cost: ({ es256Sign, es256Verify }) => es256Sign + es256Verify,
    },
    { name: 'JWKS', url: `${issuer}/jwks`, prepare: plain },
    { name: 'openid-configuration', url: `${issuer}/.well-known/openid-configuration`, prepare: plain },
    { name: 'smart-configuration', url: `${issuer}/.well-known/smart-configuration`, prepare: plain },
  ]
}

export async function askEndpoints(
  endpoints: readonly Endpoint[],
  pid: number,
  record: Recording,
  mode: 'alone' | 'together',
  count: number,
): Promise<void> {
  for (const { name, url, prepare, cost } of endpoints) {
    const items = await Promise.all(Array.from({ length: count }, prepare))
    await record.stage({
      name,
      mode,
      pid,
      items,
      step: (init) => ask(url, init),
      ...(cost === undefined ? {} : { cost }),
    })
  }
}
