import type { CodeableConcept, HumanName, Reference } from '@medplum/fhirtypes'

/** What a concept is called on screen. */
export const wordOf = (concept: CodeableConcept | undefined): string =>
  concept?.text ?? concept?.coding?.find(({ display }) => display !== undefined)?.display ?? ''

export const codeIn = (concept: CodeableConcept | undefined, system: string): string | undefined =>
  concept?.coding?.find((coding) => coding.system === system)?.code

export const hasCode = (concept: CodeableConcept | undefined, codes: readonly string[]): boolean =>
  concept?.coding?.some(({ code }) => code !== undefined && codes.includes(code)) ?? false

/** The official name, or whichever there is. */
export function nameParts(names: readonly HumanName[] | undefined): {
  readonly family: string
  readonly given: string
} {
  const name = names?.find(({ use }) => use === 'official') ?? names?.[0]
  return { family: name?.family ?? name?.text ?? 'Ukjent', given: name?.given?.join(' ') ?? '' }
}

/** The id a reference points at, when it points at this type. */
export function idIn(reference: Reference | undefined, type: string): string | undefined {
  const [found, id] = (reference?.reference ?? '').split('/')
  return found === type ? id : undefined
}

/** An instant as the wire carries it; FHIR dates without a time stand at noon UTC, which is the same day in Oslo. */
export function instantOf(moment: string | undefined): string | null {
  if (moment === undefined) return null
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(moment) ? `${moment}T12:00:00Z` : moment)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Newest first, by whatever tells the time. */
export const newestFirst =
  <T>(timeOf: (entry: T) => string | null | undefined) =>
  (a: T, b: T): number =>
    (timeOf(b) ?? '').localeCompare(timeOf(a) ?? '')
