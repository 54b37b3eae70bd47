import { readFileSync } from 'node:fs'
import type { Resource } from '@medplum/fhirtypes'
import { getStatus, OperationOutcomeError } from '@medplum/core'
import { type FhirStore, openFhirStore } from '#src/fhir/repository.ts'

/** A table of `test/corpus`; whoever asks says what is in it. */
export const corpus = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../corpus/${name}.json`, import.meta.url), 'utf8'))

export const BASE = 'http://host.example/fhir'
export const GATEWAY = 'http://gateway.example/fhir'

export const anEmptyStore = (now?: () => Date): FhirStore =>
  openFhirStore({ file: ':memory:', base: BASE, aliases: [GATEWAY], ...(now ? { now } : {}) })

export async function aFilledStore(): Promise<FhirStore> {
  const store = anEmptyStore()
  await store.load(corpus('search-resources') as Resource[]) // validated when stored
  return store
}

/** The HTTP status a promise is refused with, or 0 when it is kept. Anything but a refusal is thrown on. */
export async function statusOf(work: Promise<unknown>): Promise<number> {
  try {
    await work
    return 0
  } catch (error) {
    if (error instanceof OperationOutcomeError) return getStatus(error.outcome)
    throw error
  }
}
