import { type AccessContext, decideInteraction } from '@uthopp/smart-core/access'
import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import { searchParamFor } from '@uthopp/smart-core/fhir/patient-compartment'
import type { SearchParam, SearchQuery, Touch } from '@uthopp/smart-core/fhir/search-query'
import { forbidden } from '#src/http/refusals.ts'
import type { Judge } from '#src/policy/judge.ts'
import { isOpen } from './review.ts'
import { looksForStaffNumber } from './staff-search.ts'

/** Parameters whose matching cannot be followed: they look into everything a resource says, or through lists of others. */
const UNDECIDABLE = new Set(['_content', '_text', '_filter', '_query', '_list', '_contained', '_containedType'])

/**
 * Refuses the parameters this caller may not search on.
 *
 * A chain or `_has` answers yes or no about the resources it walks through, so each of them must be open to the caller. For a
 * caller confined to one patient that leaves two: the patient's own Patient resource, reached through the parameter that says
 * whose data it is, and directory resources, which are readable by id. Everything else may belong to somebody else.
 */
export function requireAllowedParameters(access: AccessContext, search: SearchQuery, confined: boolean): void {
  for (const param of search.params) {
    if (UNDECIDABLE.has(param.name)) throw forbidden('this parameter may not be searched on')
    if (looksForStaffNumber(param)) throw forbidden('nobody who works here is looked for by national id')
    if (param.kind === 'has' || param.chained) requireOpenChain(access, search, param, confined)
    if (param.kind === 'include' || param.kind === 'revinclude') requireCoveredInclude(access, param)
    if (param.kind === 'revinclude' && !confined) requireOpenSource(access, param)
  }
}

/**
 * Refuses chains that policy could hide something on.
 *
 * A match found through a resource tells of that resource, so those walked through must be nobody's data, or the Patient whose
 * data is found: whoever is shown a patient's data may see who the patient is. What is found itself is decided one by one, and
 * what is hidden of it is hidden from its count.
 */
export function requireUnprobing(search: SearchQuery, judge: Pick<Judge, 'mayHide'>): void {
  for (const param of search.params) {
    const walked = param.kind === 'has' ? param.touches : param.chained ? param.touches.slice(1) : []
    const forward = param.kind !== 'has' && walked.length === 1 && walked[0]?.type === 'Patient'
    if (!forward && walked.some(({ type }) => judge.mayHide(type)))
      throw forbidden('a chain may not go through what policy decides resource by resource')
  }
}

function requireOpenChain(access: AccessContext, search: SearchQuery, param: SearchParam, confined: boolean): void {
  const steps = param.kind === 'has' ? param.touches : param.touches.slice(1)
  const fine = confined
    ? steps.every((step, index) => isOwnStep(search, param, step, index) || isOpenDirectory(access, step))
    : steps.every((step) => isOpenTo(access, step))
  if (!fine || !steps.every((step) => isReachable(access, step)))
    throw forbidden('a chain may not go through that type')
}

/** The step from a patient's data to that patient (`subject:Patient.name`), or from the patient back (`_has:Observation:patient:code`). */
function isOwnStep(search: SearchQuery, param: SearchParam, step: Touch, index: number): boolean {
  const [first] = param.touches
  if (first === undefined) return false
  if (isSharedType(first.type)) return false
  const own = searchParamFor(first.type)
  const fromOwner = first.param === own || first.param === 'patient' || first.param === 'subject'
  if (param.kind !== 'has') return fromOwner && index === 0 && step.type === 'Patient'
  const backFromPatient = search.types.every((type) => type === 'Patient') && param.touches.length === 2
  return fromOwner && backFromPatient && step.type === first.type && index <= 1
}

/** Types of which one resource may be about several patients; whoever sees one of them is not told of the others. */
const SHARED = new Set(['Appointment', 'AuditEvent', 'Group', 'Person', 'Provenance', 'Schedule'])
export const isSharedType = (type: string): boolean => SHARED.has(type)

const isOpenDirectory = (access: AccessContext, step: Touch): boolean =>
  isDirectoryType(step.type) && isOpenTo(access, step)

/** Open for reading or searching: whoever may read all of it learns nothing from a match. */
const isOpenTo = (access: AccessContext, { type }: Touch): boolean =>
  (['read', 'search'] as const).some((verb) => {
    const decision = decideInteraction(access, { verb, type, id: '' })
    return decision.effect === 'permit' && decision.allowances.some(isOpen)
  })

/** Covered by a scope without conditions, be it within the patient only. */
const isReachable = (access: AccessContext, { type }: Touch): boolean =>
  (['read', 'search'] as const).some((verb) => {
    const decision = decideInteraction(access, { verb, type, id: '' })
    return (
      decision.effect === 'permit' &&
      decision.allowances.some((one) => one.filters.length === 0 && one.onlyReference === null)
    )
  })

/** Asking for more of a type no scope covers is refused; which resources of a covered type come along is decided one by one. */
function requireCoveredInclude(access: AccessContext, param: SearchParam): void {
  if (param.value.startsWith('*')) throw forbidden('including everything is not offered')
  const returned = param.touches.filter((touch) => touch.how === 'return').map((touch) => touch.type)
  const covered = returned.some((type) => type === '*' || isCovered(access, type))
  const sources = param.touches.filter((touch) => touch.how === 'filter').map((touch) => touch.type)
  if (!covered || !sources.every((type) => isCovered(access, type)))
    throw forbidden('no granted scope covers what is to be included')
}

/** Without a patient to confine the matches, what points at them is everybody's, and how much of it was found would tell. */
function requireOpenSource(access: AccessContext, param: SearchParam): void {
  const sources = param.touches.filter((touch) => touch.how === 'filter')
  if (!sources.every((source) => isOpenTo(access, source)))
    throw forbidden('what points at these resources may belong to other patients')
}

const isCovered = (access: AccessContext, type: string): boolean =>
  (['read', 'search'] as const).some((verb) => decideInteraction(access, { verb, type }).effect === 'permit')
