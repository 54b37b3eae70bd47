import type { CareDecision } from '#src/facts.ts'
import type { Circumstance } from '#src/question.ts'
import type { Leaning } from './leaning.ts'

/** 9999-12-31: a decision that holds while something else does has no end of its own. */
const NO_END = 253_402_300_799

export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)

const typeOf = (item: string): string => item.slice(0, item.indexOf('/'))

const formatCare = (care: CareDecision) => ({
  template: care.template,
  decisionRef: care.id,
  patient: care.patient,
  validUntil: care.validUntil === null ? NO_END : epochSeconds(care.validUntil),
  selfSelected: care.selfSelected,
  elements: [...care.elements],
})

const formatGlass = (glass: CareDecision) => ({
  decisionRef: glass.id,
  patient: glass.patient,
  // The bare type stands for the search that finds the item; the rows it finds are decided by name.
  items: [...new Set([...glass.items, ...glass.items.map(typeOf)])].sort(),
  validUntil: glass.validUntil === null ? 0 : epochSeconds(glass.validUntil),
})

/** The optional, widening part of a context. */
export const formatLeaning = ({ care, glass }: Pick<Leaning, 'care' | 'glass'>) => ({
  ...(care === null ? {} : { care: formatCare(care) }),
  ...(glass === null ? {} : { glass: formatGlass(glass) }),
})

export const formatApp = ({ zone, mayWrite, senderConstrained }: Circumstance) => ({
  // Membership of the inner zone is asked for, never of the outer: a zone nobody has set is outside (CE-5).
  internal: zone === 'internal',
  mayWrite,
  senderConstrained,
})

export const formatLaunch = ({ launchBound, launchPatient }: Circumstance) => ({
  launchBound,
  ...(launchPatient === null ? {} : { launchPatient }),
})

/** What the host asks as for its own chart; whatever else asks is an app. */
const OWN_CHART = 'host'

/** Widening, so it is there only where it is true. */
export const formatChart = ({ clientId }: Circumstance) => (clientId === OWN_CHART ? { ownChart: true } : {})
