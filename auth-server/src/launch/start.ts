import type { AppContext } from '@uthopp/server-kit/http-app'
import type { HostPowers } from '#src/clients/client.ts'
import { errorPage } from '#src/pages/error-page.ts'
import { refusalPage } from '#src/pages/refusal-page.ts'
import { show } from '#src/pages/show.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { LaunchStore } from '#src/storage/launches.ts'
import type { Place } from './desk.ts'
import type { LaunchEvents } from './events.ts'
import { launchAddress } from './launch-address.ts'
import { plantProof, readProof } from './proof-cookie.ts'
import { handleFor, newSecret, openHandle, sealHandle, secretHash } from './secrets.ts'

export type StartDeps = {
  readonly issuer: string
  readonly place: Place
  readonly clients: ClientStore
  readonly launches: LaunchStore
  readonly events: LaunchEvents
  /** Every host's origins: pages about starts that name no launch may stand in any host's frame. */
  readonly hostOrigins: readonly string[]
  readonly now: () => Date
}

/** A page fetched before anybody asked for it must not spend a launch (Sec-Purpose; older browsers say Purpose or X-Moz). */
export const isPrefetch = (ctx: AppContext): boolean =>
  ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) => /prefetch|prerender|preview/i.test(ctx.get(name)))

const OPENED_IN = new Set(['document', 'iframe', 'frame', 'embed', 'object'])

/**
 * Something a person sees opening: a script's fetch or an image must not start a launch, with whatever cookies it comes.
 * Only a browser says `Sec-Fetch-Dest` (HTTP clients send at most the mode), so only then is there anything to hold it to.
 */
const isNavigation = (ctx: AppContext): boolean => {
  const dest = ctx.get('sec-fetch-dest')
  return dest === '' || (OPENED_IN.has(dest) && ['', 'navigate'].includes(ctx.get('sec-fetch-mode')))
}

/** True when this browser request may start a launch that this host offered. */
function mayStart(ctx: AppContext, host: HostPowers): boolean {
  // `Origin: null` is what a sandboxed or no-referrer page sends, and anybody can have one (`launch-binding.md` §6).
  if (ctx.method === 'POST') return host.origins.includes(ctx.get('origin'))
  return host.startByGet && (ctx.get('origin') === '' || host.origins.includes(ctx.get('origin')))
}

/** The start address: spent once, by a navigation that comes from a registered host; plants the proof and goes to the check hop. */
export const startLaunch =
  (deps: StartDeps) =>
  async (ctx: AppContext, startSecret: string): Promise<void> => {
    const correlationId = ctx.state.trace.traceId
    const refused = (status: number, code: string, rule: string): void => {
      deps.events.tell('launch-start-refused', { correlationId, rule })
      const acceptLanguage = ctx.get('accept-language')
      show(ctx, status, errorPage({ code, acceptLanguage, correlationId, frameAncestors: deps.hostOrigins }))
    }
    if (ctx.method === 'HEAD') {
      ctx.set('allow', 'POST')
      return refused(405, 'start_foreign', 'head')
    }
    if (isPrefetch(ctx)) return refused(403, 'start_foreign', 'prefetch')
    if (!isNavigation(ctx)) return refused(403, 'start_foreign', 'not-a-navigation')
    const startHash = secretHash(startSecret)
    const startable = await deps.launches.findStart(startHash, deps.now())
    const host = startable && (await deps.clients.find(startable.hostId))?.host
    if (startable === undefined || host === undefined) return refused(410, 'start_spent', 'not-startable')
    if (!mayStart(ctx, host)) return refused(403, 'start_foreign', 'origin')
    const proof = newSecret()
    const sealedHandle = sealHandle(handleFor(startSecret), proof, startable.launchId)
    const now = deps.now()
    if (!(await deps.launches.start({ startHash, proofHash: secretHash(proof), sealedHandle, now })))
      return refused(410, 'start_spent', 'lost-race')
    deps.events.tell('launch-started', { launchId: startable.launchId, correlationId })
    ctx.append('set-cookie', plantProof(startable.launchId, proof))
    ctx.status = 303
    ctx.set('location', `${deps.issuer}/start/${startable.launchId}/check`)
  }

/** The check hop: does this browser keep the proof? Only then does the handle leave (`launch-binding.md` §7). */
export const checkLaunch =
  (deps: StartDeps) =>
  async (ctx: AppContext, launchId: string): Promise<void> => {
    const correlationId = ctx.state.trace.traceId
    const acceptLanguage = ctx.get('accept-language')
    if (ctx.method === 'HEAD' || isPrefetch(ctx) || !isNavigation(ctx)) {
      deps.events.tell('launch-check-refused', { correlationId, rule: 'head-prefetch-or-script' })
      return show(
        ctx,
        403,
        errorPage({ code: 'start_foreign', acceptLanguage, correlationId, frameAncestors: deps.hostOrigins }),
      )
    }
    const now = deps.now()
    const proof = readProof(ctx.get('cookie'), launchId)
    const checked =
      proof === undefined ? undefined : await deps.launches.check({ launchId, proofHash: secretHash(proof), now })
    if (proof !== undefined && checked !== undefined) {
      const handle = openHandle(checked.sealedHandle, proof, launchId)
      deps.events.tell('launch-checked', { launchId, clientId: checked.clientId, correlationId })
      ctx.status = 303
      ctx.set('location', launchAddress(checked.launchUri, deps.place.fhirBase, handle))
      return
    }
    const hostId = await deps.launches.findHost(launchId, now)
    const host = hostId === undefined ? undefined : (await deps.clients.find(hostId))?.host
    if (host === undefined || proof !== undefined) {
      deps.events.tell('launch-check-refused', { correlationId, rule: 'not-checkable' })
      return show(
        ctx,
        410,
        errorPage({ code: 'start_spent', acceptLanguage, correlationId, frameAncestors: deps.hostOrigins }),
      )
    }
    deps.events.tell('launch-check-refused', { launchId, correlationId, rule: 'no-proof' })
    const framed = ctx.get('sec-fetch-dest') !== 'document'
    show(ctx, 403, refusalPage({ launchId, framed, acceptLanguage, correlationId, hostOrigins: host.origins }))
  }
