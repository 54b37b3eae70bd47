import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import { DATA_ACTIONS } from '@uthopp/policy/question'
import { refuse } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { isObject, type Members } from './wire-body.ts'

/** As many as a list on a screen can hold; who looks for more has to say more. */
const MOST_RESULTS = 100

type Found = Readonly<Record<string, unknown>>
type Results = { readonly results: readonly Found[]; readonly page: { readonly next_token: '' } }

/** Whom it was asked for, what is told, and of whom: the patients found, or the one that was asked about. */
export type Searched = {
  readonly user: string
  readonly answer: Results
  readonly told: readonly { readonly patient: string | null }[]
}

export type SearchDeps = {
  readonly point: DecisionPoint
  readonly parse: (evaluation: Members) => Ask | Problem
  /** Apps that can be launched here, by client id. */
  readonly apps: () => Promise<readonly string[]>
  /** Patients whom the host shows this person. */
  readonly patients: (user: string, role: string | null) => Promise<readonly string[]>
}

/** What a person can do with a thing of each type. */
const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['fhir', DATA_ACTIONS],
  ['fhir-type', ['search', 'create']],
  ['app', ['launch']],
])

/** Everything on one page: the token of the next is empty (AZ-23). */
const onePage = (results: readonly Found[]): Results => ({
  results: results.slice(0, MOST_RESULTS),
  page: { next_token: '' },
})

function memberOf(body: Members, name: 'subject' | 'action' | 'resource'): Members {
  const member = body[name]
  return isObject(member) ? member : refuse(400, 'invalid_request', `\`${name}\` must be an object`)
}

function textIn(member: Members, path: string): string {
  const value = member[path.slice(path.indexOf('.') + 1)]
  return typeof value === 'string' && value !== ''
    ? value
    : refuse(400, 'invalid_request', `\`${path}\` must be a text`)
}

/** What a question that names no thing of a patient's is about: the patient on the screen. */
const patientOf = ({ question, circumstance }: Ask): string | null =>
  ('resource' in question ? question.resource.patient : null) ?? circumstance.launchPatient

/** Keeps the candidates whose own evaluation would be a permit (AZ-22); what cannot even be asked is none. */
async function permitted<T>(
  { point, parse }: SearchDeps,
  candidates: readonly (readonly [T, Members])[],
): Promise<{ readonly found: readonly T[]; readonly about: string | null }> {
  const asks = candidates.flatMap(([candidate, evaluation]) => {
    const ask = parse(evaluation)
    return isProblem(ask) ? [] : [{ candidate, ask }]
  })
  const answers = await point.decideAll(asks.map(({ ask }) => ask))
  const [first] = asks
  return {
    found: asks.flatMap(({ candidate }, at) => (answers[at]?.effect === 'permit' ? [candidate] : [])),
    about: first === undefined ? null : patientOf(first.ask),
  }
}

/** AuthZEN 1.0, "Action Search": what may this person do here? */
export async function searchActions(deps: SearchDeps, body: Members): Promise<Searched> {
  if ('action' in body) refuse(400, 'invalid_request', 'an action search has no `action`')
  const [subject, resource] = [memberOf(body, 'subject'), memberOf(body, 'resource')]
  textIn(subject, 'subject.type')
  const user = textIn(subject, 'subject.id')
  const type = textIn(resource, 'resource.type')
  textIn(resource, 'resource.id')
  const names = ACTIONS.get(type) ?? []
  const { found, about } = await permitted(
    deps,
    names.map((name) => [name, { ...body, action: { name } }] as const),
  )
  return { user, answer: onePage(found.map((name) => ({ name }))), told: [{ patient: about }] }
}

/** AuthZEN 1.0, "Resource Search": which apps may this person open, and which of their patients? */
export async function searchResources(deps: SearchDeps, body: Members): Promise<Searched> {
  const [subject, action, resource] = [memberOf(body, 'subject'), memberOf(body, 'action'), memberOf(body, 'resource')]
  textIn(subject, 'subject.type')
  const user = textIn(subject, 'subject.id')
  const name = textIn(action, 'action.name')
  const type = textIn(resource, 'resource.type')
  if (type === 'app' && name === 'launch') {
    const candidates = (await deps.apps()).map((id) => [id, { ...body, resource: { type, id } }] as const)
    const { found, about } = await permitted(deps, candidates)
    return { user, answer: onePage(found.map((id) => ({ type, id }))), told: [{ patient: about }] }
  }
  if (type === 'patient' && name === 'read') {
    const { properties } = subject
    const role = isObject(properties) && typeof properties['role'] === 'string' ? properties['role'] : null
    const candidates = (await deps.patients(user, role)).slice(0, MOST_RESULTS).map((id) => {
      const asked = {
        type: 'fhir',
        id: `Patient/${id}`,
        properties: { patient: id, labels: [], units: [], authors: [] },
      }
      return [id, { ...body, resource: asked }] as const
    })
    const { found } = await permitted(deps, candidates)
    return { user, answer: onePage(found.map((id) => ({ type, id }))), told: found.map((patient) => ({ patient })) }
  }
  return { user, answer: onePage([]), told: [] }
}
