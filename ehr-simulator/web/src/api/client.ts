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
  chart(patient: string): Promise<Answer<PatientChart>>
  offerLaunch(wish: LaunchWish): Promise<Answer<LaunchOffer>>
  endLaunches(what: { readonly workspace: string } | { readonly launch: string }): Promise<Answer<null>>
}

const nothing: Reader<null> = () => null

export function createHostClient(fetcher: typeof fetch, base: string): HostClient {
  const ask = async <T>(path: string, reader: Reader<T>, body?: object): Promise<Answer<T>> => {
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
  return {
    door: () => ask('trust', readDoor),
    session: () => ask('session', readSession),
    signIn: (username, password) => ask('session', readSession, { username, password }),
    chooseRole: (role) => ask('session/role', readSession, { role }),
    signOut: () => ask('session/end', nothing, {}),
    unit: () => ask('unit', readUnit),
    searchPatients: (text) => ask('patients/search', readUnit, { text }),
    chart: (patient) => ask(`patients/${encodeURIComponent(patient)}`, readChart),
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
