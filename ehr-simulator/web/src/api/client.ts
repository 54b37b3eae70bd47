import { readAccess, readBlocked, readTaken, type AccessFace, type BlockedItem, type TakenFace } from './access.ts'
import { readControl, type ControlFace, type Outcome } from './control.ts'
import { readFound, type Found } from './found.ts'
import { readChart, type PatientChart } from './overview.ts'
import { readOffer, type LaunchOffer, type LaunchWish } from './launches.ts'
import { readUnit, type UnitFace } from './patients.ts'
import { UnexpectedAnswer, type Reader } from './read.ts'
import { readDoor, readSession, type DoorFace, type SessionFace } from './session.ts'

/** A refusal the person is shown; `code` chooses the words, `correlation` helps whoever searches the log. */
export type Refused = {
  readonly kind: 'refused'
  readonly code: string
  readonly status: number
  readonly correlation: string | null
}
export type Answer<T> = { readonly kind: 'answered'; readonly value: T } | Refused

/** Everything the work surface asks its own server; addresses are relative to the trust's path. */
export type HostClient = {
  door(): Promise<Answer<DoorFace>>
  session(): Promise<Answer<SessionFace>>
  signIn(username: string, password: string): Promise<Answer<SessionFace>>
  chooseRole(role: string): Promise<Answer<SessionFace>>
  signOut(): Promise<Answer<null>>
  unit(): Promise<Answer<UnitFace>>
  searchPatients(text: string): Promise<Answer<UnitFace>>
  /** Among all patients of the trust, not only the unit's. */
  findPatient(text: string): Promise<Answer<Found>>
  chart(patient: string): Promise<Answer<PatientChart>>
  /** On which grounds the active role may give itself access. */
  access(patient: string): Promise<Answer<AccessFace>>
  takeAccess(patient: string, ground: string, reason: string): Promise<Answer<TakenFace>>
  renewAccess(decision: string, reason: string): Promise<Answer<TakenFace>>
  endAccess(decision: string): Promise<Answer<null>>
  blocked(patient: string): Promise<Answer<{ readonly items: readonly BlockedItem[] }>>
  openBlocked(wish: GlassWish): Promise<Answer<TakenFace>>
  control(): Promise<Answer<ControlFace>>
  review(review: ReviewWish): Promise<Answer<null>>
  offerLaunch(wish: LaunchWish): Promise<Answer<LaunchOffer>>
  endLaunches(what: EndedTab | { readonly launch: string }): Promise<Answer<null>>
}

/** A tab that is over, whom it showed, and whether it goes on to another patient; a unit's tab showed nobody. */
type EndedTab = { readonly workspace: string; readonly patient?: string; readonly switched?: boolean }

type GlassWish = {
  readonly patient: string
  readonly items: readonly string[]
  readonly reason: string
  readonly confirmed: boolean
  /** Typed anew: it shows that whoever lifts the block is who signed in. */
  readonly password: string
}
type ReviewWish = { readonly decision: string; readonly outcome: Outcome; readonly note: string }

const nothing: Reader<null> = () => null

/** Asks one server of ours: a GET without a body, a POST with one. */
export type Ask = <T>(path: string, reader: Reader<T>, body?: object) => Promise<Answer<T>>

export const createAsk =
  (fetcher: typeof fetch, base: string): Ask =>
  async <T>(path: string, reader: Reader<T>, body?: object): Promise<Answer<T>> => {
    const init: RequestInit =
      body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
            keepalive: true,
          }
    try {
      const response = await fetcher(`${base}${path}`, { ...init, cache: 'no-store', credentials: 'same-origin' })
      const answer: unknown = response.status === 204 ? null : await response.json()
      if (response.ok) return { kind: 'answered', value: reader(answer, path) }
      return refusedBy(response.status, answer)
    } catch (error) {
      const code =
        error instanceof UnexpectedAnswer || error instanceof SyntaxError ? 'unexpected_answer' : 'unreachable'
      return { kind: 'refused', code, status: 0, correlation: null }
    }
  }

export function createHostClient(fetcher: typeof fetch, base: string): HostClient {
  const ask = createAsk(fetcher, base)
  return {
    door: () => ask('trust', readDoor),
    session: () => ask('session', readSession),
    signIn: (username, password) => ask('session', readSession, { username, password }),
    chooseRole: (role) => ask('session/role', readSession, { role }),
    signOut: () => ask('session/end', nothing, {}),
    unit: () => ask('unit', readUnit),
    searchPatients: (text) => ask('patients/search', readUnit, { text }),
    findPatient: (text) => ask('patients/find', readFound, { text }),
    chart: (patient) => ask(`patients/${encodeURIComponent(patient)}`, readChart),
    access: (patient) => ask(`patients/${encodeURIComponent(patient)}/access`, readAccess),
    takeAccess: (patient, ground, reason) => ask('access', readTaken, { patient, ground, reason }),
    renewAccess: (decision, reason) => ask('access/renew', readTaken, { decision, reason }),
    endAccess: (decision) => ask('access/end', nothing, { decision }),
    blocked: (patient) => ask(`patients/${encodeURIComponent(patient)}/blocked`, readBlocked),
    openBlocked: (wish) => ask('glass', readTaken, wish),
    control: () => ask('control', readControl),
    review: (wish) => ask('control/review', nothing, wish),
    offerLaunch: ({ app, workspace, patient, about, ownWindow }) =>
      ask('launches', readOffer, {
        app,
        workspace,
        own_window: ownWindow,
        ...(patient === null ? {} : { patient }),
        ...(about === null ? {} : { [about.kind]: about.id }),
      }),
    endLaunches: (what) => ask('launches/end', nothing, what),
  }
}

/** Our servers answer `{error, error_description, correlation_id}`; a proxy in between may answer anything. */
function refusedBy(status: number, answer: unknown): Refused {
  const members = new Map(typeof answer === 'object' && answer !== null ? Object.entries(answer) : [])
  const word = (name: string) => {
    const value: unknown = members.get(name)
    return typeof value === 'string' ? value : null
  }
  return { kind: 'refused', code: word('error') ?? 'server_error', status, correlation: word('correlation_id') }
}
