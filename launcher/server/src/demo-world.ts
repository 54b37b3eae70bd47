import type { LaunchBackChannel } from '@uthopp/server-kit/launch-back-channel'
import type { OwnToken } from '@uthopp/server-kit/own-token'
import type { ServiceSigner } from '@uthopp/server-kit/service-token'
import type { Deployment, TrustDeployment } from '@uthopp/server-kit/deployment'
import { directoryOf } from '@uthopp/server-kit/deployment'
import { askPeer } from '@uthopp/server-kit/peer'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'

/** What the launcher holds for one trust: its own key there, and the doors it knocks on. */
export type TrustAccess = {
  readonly trust: TrustDeployment
  readonly backChannel: LaunchBackChannel
  readonly signer: ServiceSigner
  /** One token a scope. */
  readonly tokens: (scope: string) => OwnToken
}

/** One trust's people and patients as its directory tells the demo world. */
export type TrustWorld = {
  readonly people: readonly {
    readonly user: string
    readonly name: string
    readonly username: string
    readonly profession: string
    readonly roles: readonly { readonly id: string; readonly name: string }[]
  }[]
  readonly patients: readonly {
    readonly id: string
    readonly name: string
    readonly birthDate: string
    readonly gender: string
    readonly encounters: readonly { readonly id: string; readonly status: string; readonly class: string }[]
  }[]
  readonly citizens: readonly { readonly username: string; readonly patient: string }[]
  readonly defaults: { readonly user: string; readonly role: string; readonly patient: string }
  readonly units: readonly { readonly id: string; readonly name: string }[]
}

/** Asks one trust's directory about a person it may not know; names travel in the body, never in the address. */
export async function askDirectory(
  access: TrustAccess,
  deployment: Deployment,
  trace: Trace,
  path: string,
  body: unknown,
): Promise<unknown> {
  const base = directoryOf(deployment, access.trust.orgnr)
  const answer = await askPeer(trace, `the directory of ${access.trust.shortName}`, `${base}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await access.signer.bearer(base, '__directory') },
    body: JSON.stringify(body),
  })
  if (answer.status === 404) {
    // The directory says `not_found` of people and patients; anything else it lacks is our mistake.
    if (!(await answer.text()).includes('"not_found"'))
      throw new Refusal(502, 'bad_gateway', 'the directory has no such question')
    throw new Refusal(
      400,
      'invalid_request',
      `\`user\` is unknown at ${access.trust.shortName}; it takes a Practitioner id, which GET /api/world lists`,
    )
  }
  if (!answer.ok)
    throw new Refusal(502, 'bad_gateway', `the directory of ${access.trust.shortName} answered ${answer.status}`)
  return answer.json()
}

export async function readTrustWorld(access: TrustAccess, deployment: Deployment, trace: Trace): Promise<TrustWorld> {
  return (await askDirectory(access, deployment, trace, 'world', {})) as TrustWorld // our own host's answer; its contract test holds the shape
}
