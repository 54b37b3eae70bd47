import { getStatus } from '@medplum/core'
import type { Resource } from '@medplum/fhirtypes'
import type { FhirRouter, HttpMethod } from '@medplum/fhir-router'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { ServiceVerifier } from '@uthopp/server-kit/service-token'
import { withoutStaffNumbers } from '@uthopp/smart-core/fhir/staff-numbers'
import type { Middleware } from 'koa'
import { capabilityStatement } from '#src/fhir/rest/capability-statement.ts'
import type { SessionDoor } from '#src/work-surface/access/session-door.ts'
import type { FhirStore } from '#src/fhir/repository.ts'
import { readFhirBody, requireJsonWanted } from './fhir-body.ts'
import { sendFhir, sendResult } from './fhir-answer.ts'
import { requireOwnProcess } from './own-process.ts'

export type FhirDoor = {
  readonly store: FhirStore
  /** Knows the gateway's service tokens for this trust, and nobody else's. */
  readonly guard: ServiceVerifier
  /** What somebody signed in at this trust's work surface may read here. */
  readonly session: SessionDoor
}

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'DELETE']
const MAX_ADDRESS = 16_000

/** The only words of an address that its template repeats: whatever else stands there is the caller's choice. */
const FIXED_WORDS: ReadonlySet<string> = new Set(['metadata', '_history', '_search'])

/** The gateway takes national ids of staff out of what it shows (norway.md 5.3.4); at this door nobody stands in between. */
const shownToSessions = (resource: Resource): Resource => withoutStaffNumbers({ ...resource }) as Resource // less, of the same type

/** The route template of an address, for logs and metrics: what kind of thing it is, never which. */
function template(path: string): string {
  const parts = path.split('/').filter(Boolean)
  const shown = parts.map((part, index) =>
    FIXED_WORDS.has(part) ? part : index === 0 || index === 2 ? ':type' : ':id',
  )
  if (parts[2] === '_history' && parts.length === 4) shown[3] = ':version'
  return ['/:orgnr/fhir', ...shown.slice(0, 5)].join('/')
}

/**
 * Lets in the gateway, and for reading the host's own session (contracts §5), as far as it may see. It counts only for requests of the
 * host's own pages: an app on a neighbouring port is same-site, so the browser would send it the cookie too.
 */
async function requireCaller(ctx: AppContext, door: FhirDoor, path: string): Promise<'session' | 'process'> {
  const reads = ctx.method === 'GET' || ctx.method === 'HEAD'
  const site = ctx.get('sec-fetch-site')
  const ownPage = site === '' || site === 'same-origin' || site === 'none'
  if (reads && ownPage && ctx.get('authorization') === '' && ctx.get('cookie') !== '') {
    switch (await door.session(ctx, path)) {
      case 'may-read':
        return 'session'
      case 'hidden':
        return refuse(404, 'not_found', 'no such resource here')
      case 'not-for-sessions':
        return refuse(403, 'forbidden', 'a session reads one resource at a time')
      case 'nobody':
        break
    }
  }
  await requireOwnProcess(ctx, door.guard)
  return 'process'
}

/**
 * `/<orgnr>/fhir/**`: the trust's FHIR R4 API, for the gateway and the host itself.
 *
 * Everything is behind the guard, `metadata` too: who stands in front publishes its own.
 */
export function fhirDoor(
  doors: ReadonlyMap<string, FhirDoor>,
  routes: FhirRouter,
  now: () => Date,
): Middleware<AppState> {
  return async (ctx: AppContext, next) => {
    const part = /^\/(?<orgnr>\d{9})\/fhir(?:\/(?<path>.*))?$/.exec(ctx.path)?.groups
    const door = part && doors.get(part['orgnr'] ?? '')
    if (!part || !door) return next()
    const path = part['path'] ?? ''
    ctx.state.route = template(path)
    const caller = await requireCaller(ctx, door, path)
    if (ctx.url.length > MAX_ADDRESS) refuse(414, 'invalid_request', 'the address is too long; search by POST')
    requireJsonWanted(ctx)

    const method = METHODS.find((known) => known === (ctx.method === 'HEAD' ? 'GET' : ctx.method))
    if (!method)
      return refuse(405, 'method_not_allowed', 'this FHIR store has no interaction with this method', {
        headers: { allow: METHODS.join(', ') },
      })
    if (method === 'GET' && path === 'metadata') return sendFhir(ctx, 200, capabilityStatement(door.store.base, now()))
    const [outcome, resource] = await routes.handleRequest(
      {
        method,
        url: ctx.querystring === '' ? path : `${path}?${ctx.querystring}`,
        pathname: '',
        body: await readFhirBody(ctx),
        params: {},
        query: {},
        headers: ctx.headers,
      },
      door.store,
    )
    const shown = caller === 'session' && resource !== undefined ? shownToSessions(resource) : resource
    return sendResult(ctx, door.store.base, getStatus(outcome), outcome, shown)
  }
}
