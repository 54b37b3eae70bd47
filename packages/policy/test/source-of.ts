import type { CaseFacts, FactSource } from '#src/facts.ts'

/** A host that knows exactly this. */
export const sourceOf = (facts: CaseFacts): FactSource => ({ read: () => Promise.resolve(facts) })

/** A host whose knowledge a test replaces between questions. */
export function changingSource(): FactSource & { facts: CaseFacts | undefined } {
  const source = {
    facts: undefined as CaseFacts | undefined, // nothing until a test says what
    read: () => (source.facts ? Promise.resolve(source.facts) : Promise.reject(new Error('no facts'))),
  }
  return source
}
