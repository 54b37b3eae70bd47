import type { AppContext } from '@uthopp/server-kit/http-app'
import type { AccessContext } from '@uthopp/smart-core/access'
import type { Permission } from '@uthopp/smart-core/scope/permission'
import type { StateCode } from '@uthopp/smart-core/scope/state-code'
import { stateConflict, stateExists, forbidden, insufficientScope, unprocessable } from '#src/http/refusals.ts'
import type { Exchange } from '#src/fhir/step.ts'
import type { DoorDeps } from '#src/http/door-deps.ts'
import { accounted, openExchange } from '#src/http/open-exchange.ts'
import { readFhirBody, requireJsonAccepted } from '#src/http/read-request.ts'
import { reads } from '#src/http/write-answer.ts'
import type { Trust } from '#src/trust.ts'
import { drawersOf, GLOBAL_HOLDER, holderOf, holds } from './drawers.ts'
import { readNewState, readNextState, type StateDraft } from './read-state.ts'
import { etagOf, stateBundle, stateResource } from './state-resource.ts'
import { readStateSearch } from './state-search.ts'
import type { Drawer, StatePlace, StateStore, StateWish, StoredState } from './state-store.ts'

/** SMART App Launch 2.2.0, "Persisting App State": the size every server takes. */
const STATE_LIMIT = 256 * 1024

export type StateDoorDeps = DoorDeps & {
  /** The address of the door, without trailing slash. */
  readonly baseOf: (trust: Trust) => string
  /** By organisation number. */
  readonly states: ReadonlyMap<string, StateStore>
}

type Visit = {
  readonly ctx: AppContext
  readonly trust: Trust
  readonly access: AccessContext
  readonly exchange: Exchange
  readonly base: string
  readonly states: StateStore
  readonly now: Date
}

/**
 * Where apps keep state of their own (`smart-app-state`), in front of nothing: it is kept here.
 *
 * Opened by the tokens of the FHIR door, and by scopes that name a state code of the app.
 */
export function createStateDoor(deps: StateDoorDeps) {
  return async (ctx: AppContext, trust: Trust, path: string): Promise<void> => {
    const exchange = await openExchange(deps, ctx, trust, ACTIVITIES)
    const { access } = exchange.review
    requireJsonAccepted(ctx)
    const states = deps.states.get(trust.orgnr)
    if (states === undefined) throw forbidden('this is not offered')
    const visit = { ctx, trust, access, exchange, base: deps.baseOf(trust), states, now: deps.now() }
    return accounted(exchange.ledger, () => answer(visit, path))
  }
}

const ACTIVITIES = { access: 'app-state-access', refused: 'fhir-refused' } as const

async function answer(visit: Visit, path: string): Promise<void> {
  const { ctx } = visit
  const id = /^Basic\/(?<id>[A-Za-z0-9\-.]{1,64})$/.exec(path)?.groups?.['id']
  if (path === 'Basic' && ctx.method === 'POST') return create(visit)
  if (path === 'Basic' && reads(ctx)) return search(visit)
  if (id !== undefined && ctx.method === 'PUT') return update(visit, id)
  if (id !== undefined && ctx.method === 'DELETE') return remove(visit, id)
  throw forbidden('this is not offered')
}

/**
 * What an app keeps about a patient is the app's own and no part of the chart, so no rule speaks of it. But it is about the
 * patient: it is for people who may know of the patient at all, today, and the log tells that they looked. What a user
 * keeps about nobody, or the app for all its users, is nobody's data.
 */
async function requireHolder({ exchange }: Visit, interaction: string, { holder }: Drawer): Promise<void> {
  const { review, ledger } = exchange
  ledger.about({ interaction, type: 'Basic', query: null })
  const patient = holder.startsWith('Patient/') ? holder.slice('Patient/'.length) : null
  if (patient !== null) {
    const resource = { resourceType: 'Patient', id: patient }
    const how = { looking: true, whateverScopes: true }
    const [verdict] = await review.judge.decide([{ action: 'read', resource }], how)
    if (verdict?.kind !== 'shown') throw forbidden('the person may know nothing of this patient')
  }
  ledger.permitted(patient, null, undefined)
  await ledger.keep()
}

async function create(visit: Visit): Promise<void> {
  const { ctx, base, access, states } = visit
  const drawers = requireDrawers(access, 'c')
  const draft = readNewState(await readFhirBody(ctx, STATE_LIMIT))
  const place = placeOf(visit, draft)
  if (place === undefined) throw unprocessable('`subject` is no absolute reference to somebody of this FHIR base')
  if (!holds(drawers, place)) throw insufficientScope()
  await requireHolder(visit, 'create', place)
  const state = await states.create(access.clientId, wishOf(visit, place, draft))
  if (state === 'exists') throw stateExists()
  if (state === 'full') throw unprocessable('this app keeps too many states here')
  ctx.set('location', `${base}/Basic/${state.id}`)
  writeState(visit, 201, state, place)
}

async function search(visit: Visit): Promise<void> {
  const { ctx, base, access, states } = visit
  const drawers = requireDrawers(access, 's')
  const asked = readStateSearch(ctx.URL.searchParams)
  const place = placeOf(visit, asked)
  if (place === undefined || !holds(drawers, place)) throw insufficientScope()
  await requireHolder(visit, 'search-type', place)
  const state = await states.find(access.clientId, place)
  const found = state && stateResource(state, place)
  write(visit, stateBundle(`${base}/Basic${ctx.search}`, base, found))
}

/** SAL-217, SAL-218: whatever is not exactly the version named, of this code and subject, is one answer: 412. */
async function update(visit: Visit, id: string): Promise<void> {
  const { ctx, access, states } = visit
  const drawers = requireDrawers(access, 'u')
  const draft = readNextState(await readFhirBody(ctx, STATE_LIMIT), id)
  const version = requireVersion(ctx)
  const place = placeOf(visit, draft)
  if (place === undefined || !holds(drawers, place)) throw stateConflict()
  await requireHolder(visit, 'update', place)
  const state = await states.update(access.clientId, id, version, wishOf(visit, place, draft))
  if (state === undefined) throw stateConflict()
  writeState(visit, 200, state, place)
}

async function remove(visit: Visit, id: string): Promise<void> {
  const { ctx, access, states } = visit
  const drawers = requireDrawers(access, 'd')
  // Which drawer a state lies in is not told by its address; of patients only the one of the token can be its holder.
  const holder = drawers.find((drawer) => drawer.holder.startsWith('Patient/'))
  if (holder !== undefined) await requireHolder(visit, 'delete', holder)
  if (!(await states.remove(access.clientId, id, requireVersion(ctx), drawers))) throw stateConflict()
  ctx.status = 204
}

/** Before anything is read or looked up: some scope must open some drawer. */
function requireDrawers(access: AccessContext, letter: Permission): readonly Drawer[] {
  const drawers = drawersOf(access, letter)
  if (drawers.length === 0) throw insufficientScope()
  return drawers
}

function placeOf(
  { access, trust }: Visit,
  { code, subject }: { readonly code: StateCode; readonly subject: string | undefined },
): StatePlace | undefined {
  const { system, code: word } = code
  const holder = subject === undefined ? GLOBAL_HOLDER : holderOf(access, subject, trust.fhirBase)
  return holder === undefined ? undefined : { system, code: word, holder, subject: subject ?? '' }
}

const wishOf = ({ now }: Visit, place: StatePlace, draft: StateDraft): StateWish => ({
  place,
  content: JSON.stringify(draft.content),
  now,
})

/** One version and no other: `*`, a list or no header at all names none. */
function requireVersion(ctx: AppContext): number {
  const version = /^(?:W\/)?"(?<version>[1-9]\d{0,14})"$/.exec(ctx.get('if-match'))?.groups?.['version']
  if (version === undefined) throw stateConflict()
  return Number(version)
}

function writeState(visit: Visit, status: number, state: StoredState, place: StatePlace): void {
  visit.ctx.status = status
  visit.ctx.set({ etag: etagOf(state), 'last-modified': state.updatedAt.toUTCString() })
  write(visit, stateResource(state, place))
}

function write({ ctx }: Visit, resource: object): void {
  ctx.type = 'application/fhir+json; charset=utf-8'
  ctx.body = JSON.stringify(resource)
}
