import type { Answer } from '@uthopp/policy/answer'
import { Refusal } from '@uthopp/server-kit/refusal'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import { objectsOf } from '#src/json.ts'
import type { AskedInGeneral } from '#src/policy/judge.ts'
import type { SearchPlan } from './search-step.ts'
import type { Asked, Exchange } from './step.ts'
import type { FhirCall, FhirReply } from './upstream-fhir.ts'

/**
 * How the caller stands towards the patient of the token, asked before anything is looked up; `undefined` when something
 * speaks for them, or when there is no patient to stand towards. Refuses what no resource could be permitted to.
 */
export async function standingOf(
  { review }: Pick<Exchange, 'review'>,
  about: Omit<AskedInGeneral, 'patient'>,
): Promise<Answer | undefined> {
  const { patient } = review.access
  if (patient === undefined || isDirectoryType(about.type)) return undefined
  return review.judge.standing({ ...about, patient })
}

/** The same for a search, which may name its patients itself: refused when it has standing towards none of them. */
export async function standingOfSearch(
  { review }: Pick<Exchange, 'review'>,
  { type, patients }: Pick<SearchPlan, 'type' | 'patients'>,
): Promise<Answer | undefined> {
  if (!hasStanding({ type, patients })) return undefined
  const standings = await Promise.all(
    patients.map((one) => review.judge.standing({ action: 'search', type, id: null, patient: one })),
  )
  return standings.every((standing) => standing !== undefined) ? standings[0] : undefined
}

/**
 * Asks how the caller stands towards these patients, and meanwhile for what is to be read, where the same token stood well
 * a moment ago and nothing was heard since. Whoever does not any more is refused all the same, and what was read for them is
 * dropped unseen.
 */
export async function meanwhile(
  exchange: Pick<Exchange, 'glimpses' | 'review' | 'upstream'>,
  { isAlone }: Pick<Asked, 'isAlone'>,
  { type, patients }: Pick<SearchPlan, 'type' | 'patients'>,
  call: FhirCall | undefined,
  ask: () => Promise<Answer | undefined>,
): Promise<{ readonly standing: Answer | undefined; readonly reply: Promise<FhirReply> | undefined }> {
  const { glimpses, review, upstream } = exchange
  const isAsked = hasStanding({ type, patients })
  const stood = isAsked ? glimpses.standing(patients) : undefined
  const goesAhead = isAlone && call !== undefined && stood?.isKnown === true
  let reply: Promise<FhirReply> | undefined
  let isPending = true
  // In the next turn, since facts are waited for sooner; and not at all where they are at hand.
  const start = goesAhead
    ? setImmediate(() => {
        reply = upstream(call)
        // An error is heard by whoever waits for the reply, and a refusal waits for nothing.
        reply.then(({ json }) => isPending && review.judge.foresee(resourcesIn(json))).catch(() => undefined)
      })
    : undefined
  const standing = await ask().finally(() => {
    isPending = false
    clearImmediate(start)
  })
  if (standing === undefined) stood?.note()
  return { standing, reply }
}

/** A resource, or those of a Bundle. */
function resourcesIn(json: unknown): readonly Resource[] {
  if (!isResource(json)) return []
  if (json.resourceType !== 'Bundle') return [json]
  return objectsOf(json['entry']).flatMap(({ resource }) => (isResource(resource) ? [resource] : []))
}

/** Facts are had for so many patients at once; a search over more is decided by what it finds. */
const MOST_PATIENTS = 20

const hasStanding = ({ type, patients }: Pick<SearchPlan, 'type' | 'patients'>): boolean =>
  patients.length > 0 && patients.length <= MOST_PATIENTS && !isDirectoryType(type)

/** Whoever may see nothing of this patient hears that, be there something under the id or not. */
export async function requireFound<T>(
  { review }: Pick<Exchange, 'review'>,
  standing: Answer | undefined,
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (standing !== undefined && error instanceof Refusal && error.status === 404) throw review.nothingThere(standing)
    throw error
  }
}
