import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import { DATA_ACTIONS } from '@uthopp/policy/question'
import { refuse } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { isObject, type Members } from './wire-body.ts'

/** As many as a list on a screen can hold; who looks for more has to say more. */
const MOST_RESULTS = 100

type Found = Readonly<Record<string, unknown>>
export type Results = { readonly results: readonly Found[]; readonly page: { readonly next_token: '' } }

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

/** Keeps the candidates whose own evaluation would be a permit (AZ-22); what cannot even be asked is none. */
async function permitted<T>(
  { point, parse }: SearchDeps,
  candidates: readonly (readonly [T, Members])[],
): Promise<readonly T[]> {
  const asks = candidates.flatMap(([candidate, evaluation]) => {
    const ask = parse(evaluation)
    return isProblem(ask) ? [] : [{ candidate, ask }]
  })
  const answers = await point.decideAll(asks.map(({ ask }) => ask))
  return asks.flatMap(({ candidate }, at) => (answers[at]?.effect === 'permit' ? [candidate] : []))
}

/** AuthZEN 1.0, "Action Search": what may this person do here? */
export async function searchActions(deps: SearchDeps, body: Members): Promise<Results> {
  if ('action' in body) refuse(400, 'invalid_request', 'an action search has no `action`')
  const [subject, resource] = [memberOf(body, 'subject'), memberOf(body, 'resource')]
  for (const [member, path] of [
    [subject, 'subject.type'],
    [subject, 'subject.id'],
    [resource, 'resource.type'],
    [resource, 'resource.id'],
  ] as const)
    textIn(member, path)
  const names = ACTIONS.get(textIn(resource, 'resource.type')) ?? []
  const found = await permitted(
    deps,
    names.map((name) => [name, { ...body, action: { name } }] as const),
  )
  return onePage(found.map((name) => ({ name })))
}

/** AuthZEN 1.0, "Resource Search": which apps may this person open, and which of their patients? */
export async function searchResources(deps: SearchDeps, body: Members): Promise<Results> {
  const [subject, action, resource] = [memberOf(body, 'subject'), memberOf(body, 'action'), memberOf(body, 'resource')]
  textIn(subject, 'subject.type')
  const user = textIn(subject, 'subject.id')
  const name = textIn(action, 'action.name')
  const type = textIn(resource, 'resource.type')
  if (type === 'app' && name === 'launch') {
    const candidates = (await deps.apps()).map((id) => [id, { ...body, resource: { type, id } }] as const)
    return onePage((await permitted(deps, candidates)).map((id) => ({ type, id })))
  }
  if (type === 'patient' && name === 'read') {
    const { properties } = subject
    const role = isObject(properties) && typeof properties['role'] === 'string' ? properties['role'] : null
    const candidates = (await deps.patients(user, role)).slice(0, MOST_RESULTS).map(
      (id) =>
        [
          id,
          {
            ...body,
            resource: {
              type: 'fhir',
              id: `Patient/${id}`,
              properties: { patient: id, labels: [], units: [], authors: [] },
            },
          },
        ] as const,
    )
    return onePage((await permitted(deps, candidates)).map((id) => ({ type, id })))
  }
  return onePage([])
}
