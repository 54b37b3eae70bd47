/** What one request may ask. Beyond these it is refused (`too-costly`), except `_count`, which R4 lets a server lower. */
export const LIMITS = {
  defaultCount: 50,
  greatestCount: 500,
  greatestOffset: 100_000,
  parameters: 50,
  alternatives: 200,
  valueLength: 8000,
  /** Steps of a chain or of nested `_has`, together. */
  chainSteps: 3,
  /** Types an untyped chain may have to try, over all its steps. */
  chainBranches: 20,
  inclusions: 20,
  inclusionRounds: 3,
  includedResources: 1000,
  /** Bundles are processed without pause, so their length is how long everybody else waits. */
  bundleEntries: 300,
} as const
