import type { Resource } from '@medplum/fhirtypes'
import type { Answer } from '@uthopp/policy/answer'
import type { AskedResource, Question } from '@uthopp/policy/question'
import { isTrouble } from '@uthopp/policy/trouble'
import { Refusal } from '@uthopp/server-kit/refusal'
import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import type { SurfaceDeps } from '../surface-deps.ts'
import { askPolicy, isPermit, type Situation } from './ask-policy.ts'
import type { ChartSource } from './chart-source.ts'
import type { OpenPatient } from './own-case.ts'
import { createOwners } from './owners.ts'
import { UNDECIDED } from './refuse-dialog.ts'
import { glassOf } from './relation.ts'
import { stageOf } from './stage.ts'

type Kept = { readonly resourceType: string; readonly id: string }

/** A patient's chart as far as policy shows it, and what else came to light in reading it. */
export type GuardedChart = ChartSource & {
  /** Kept back because the patient wants it so, and openable by this very person. */
  readonly blocked: () => readonly Kept[]
  /** Those of the types of which this role sees nothing of this patient's, whatever there is. */
  readonly closed: (types: readonly string[]) => Promise<readonly string[]>
  /** What policy answered about `Type/id`, which was read; undefined where it was not asked. */
  readonly answerOf: (item: string) => Answer | undefined
  /** `Type/id` of what is shown because a block was lifted. */
  readonly opened: () => ReadonlySet<string>
}

/** Reasons that are the reader's own. A patient's block is not among them: nobody hears of it by what is said here. */
const OWN_REASONS: ReadonlySet<string> = new Set([
  'role-not-entitled',
  'decision-does-not-cover',
  'no-active-licence',
  'purpose-not-clinical',
])

/** A resource without label, author or unit: what of a type is opened first. */
const PLAINEST = 'plainest'

const nameOf = ({ resourceType, id }: Kept): string => `${resourceType}/${id}`
const questionAbout = (resource: AskedResource): Question => ({ action: 'read', resource })

/** Stands in front of the store while one chart is read: each resource of the patient is decided before it is shown. */
export function guardChart(deps: SurfaceDeps, situation: Situation, open: OpenPatient): GuardedChart {
  const { store } = deps
  const stage = stageOf(deps)
  const owners = createOwners(store)
  const blocked = new Map<string, Kept>()
  const opened = new Set<string>()
  const answered = new Map<string, Answer>()
  const glass = glassOf(open.facts)
  const basis = { purpose: open.leaning.purpose, decision: open.leaning.decision?.id ?? null }
  /** What is decided by its id and not only by what it is like. */
  const singular = new Set([...open.facts.blocks.map(({ target }) => target), ...(glass?.items ?? [])])

  const ask = async (by: typeof basis, resources: readonly AskedResource[]) => {
    // Alike resources get the same answer; a day of monitor readings is one question.
    const keys = resources.map(({ id, ...rest }) => {
      const name = `${rest.type}/${id ?? ''}`
      return JSON.stringify(singular.has(name) ? [name, rest] : rest)
    })
    const first = new Map(keys.map((key, index) => [key, resources[index]] as const).toReversed())
    const different = [...first].flatMap(([key, resource]) =>
      resource === undefined ? [] : [[key, resource] as const],
    )
    const answers = await askPolicy(
      deps,
      situation,
      by,
      different.map(([, resource]) => questionAbout(resource)),
    )
    const byKey = new Map(different.map(([key], index) => [key, answers[index]] as const))
    return keys.map((key) => byKey.get(key))
  }

  const askedOf = async (resource: Kept): Promise<AskedResource | undefined> => {
    const { patients, labels, units, authors, encounters } = await owners.of(resource)
    const theirs = !patients.unclear && patients.ids.length === 1 && patients.ids[0] === situation.patient
    return theirs && isOfEpisodes(resource, encounters)
      ? { type: resource.resourceType, id: resource.id, patient: situation.patient, labels, units, authors }
      : undefined
  }

  /** Whoever looks back to learn sees who it was, and the visits they had a part in. */
  const isOfEpisodes = ({ resourceType }: Kept, encounters: readonly string[]): boolean =>
    open.episodes === null ||
    resourceType === 'Patient' ||
    (encounters.length > 0 && encounters.every((visit) => open.episodes?.has(visit)))

  const underGlass = async (resource: AskedResource): Promise<boolean> => {
    if (glass === undefined || !glass.items.includes(`${resource.type}/${resource.id ?? ''}`)) return false
    const [answer] = await ask({ purpose: 'BTG', decision: glass.id }, [resource])
    if (answer === undefined || !isPermit(answer)) return false
    answered.set(`${resource.type}/${resource.id ?? ''}`, answer)
    return true
  }

  const shows = async (resource: Kept, asked: AskedResource | undefined, answer: Answer | undefined) => {
    if (answer !== undefined) answered.set(nameOf(resource), answer)
    // Data that are not plainly this patient's do not belong in this chart, whatever policy says.
    if (asked === undefined) return false
    if (isPermit(answer)) return true
    if (stage === 'enforce' && answer !== undefined && isTrouble(answer)) {
      throw new Refusal(503, UNDECIDED, 'whether this may be shown cannot be decided now')
    }
    if (await underGlass(asked)) {
      opened.add(nameOf(resource))
      return true
    }
    // Whoever looks back to learn lifts no blocks, and hears of none.
    if (answer?.requestable?.kind === 'break-glass' && open.episodes === null) blocked.set(nameOf(resource), resource)
    if (stage === 'enforce') return false
    deps.log.warn('policy-would-deny', {
      tenant: deps.tenant,
      clientId: 'host',
      code: answer?.reasonCode ?? 'unanswered',
      resourceType: resource.resourceType,
      correlationId: situation.trace.traceId,
    })
    return true
  }

  const shown = async (found: readonly Kept[]): Promise<ReadonlySet<Kept>> => {
    if (stage === 'off' || found.length === 0) return new Set(found)
    const asked = await Promise.all(found.map(askedOf))
    const askable = asked.flatMap((each) => each ?? [])
    const answers = await ask(basis, askable)
    let at = 0
    const kept = new Set<Kept>()
    for (const [index, resource] of found.entries()) {
      const question = asked[index]
      const answer = question === undefined ? undefined : answers[at]
      if (question !== undefined) at += 1
      if (await shows(resource, question, answer)) kept.add(resource)
    }
    return kept
  }

  /**
   * Who the patient is stays visible to whoever may lift the block (a block of their profession or of themselves hides even
   * that), or there would be no chart to lift it in. Anybody signed in hears as much from *Finn pasient*.
   */
  const liftableIdentity = (found: Resource): boolean => {
    const name = `${found.resourceType}/${found.id ?? ''}`
    if (found.resourceType !== 'Patient' || !blocked.delete(name)) return false
    answered.delete(name)
    return true
  }

  return {
    async find<T extends Resource>(type: T['resourceType'], id: string) {
      const found = await store.find<T>(type, id)
      if (found === undefined || isDirectoryType(type)) return found
      if ((await shown([found])).has(found)) return found
      return liftableIdentity(found) ? found : undefined
    },
    async findAll<T extends Resource>(query: string) {
      const found = await store.findAll<T>(query)
      if (isDirectoryType(query.split('?', 1)[0] ?? '')) return found
      const kept = await shown(found as readonly Kept[]) // every stored resource has a type and an id
      return found.filter((resource) => kept.has(resource as Kept)) // as above
    },
    async closed(types) {
      // What other visits there are is not told, so nothing that is missing is missing from the patient.
      if (open.episodes !== null) return types
      if (stage !== 'enforce') return []
      const { patient } = situation
      const answers = await ask(
        basis,
        types.map((type) => ({ type, id: PLAINEST, patient, labels: [], units: [], authors: [] })),
      )
      return types.filter((_, index) => OWN_REASONS.has(answers[index]?.reasonCode ?? ''))
    },
    blocked: () => [...blocked.values()],
    answerOf: (item) => answered.get(item),
    opened: () => opened,
  }
}
