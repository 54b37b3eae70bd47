/** What became of one step: a refusal names its reason, and whatever comes after it is not tried. */
export type Outcome = 'ok' | 'not offered' | 'not tried' | { readonly refused: string }

export const STEPS = [
  'register',
  'launch',
  'code',
  'token',
  'id_token',
  'FHIR read',
  'refresh',
  'refresh, same scope',
  'refresh, subset',
  'introspection',
  'revocation',
  'refused afterwards',
] as const
export type StepName = (typeof STEPS)[number]
export type Outcomes = ReadonlyMap<StepName, Outcome>

/** Runs steps in their order and keeps what became of each. */
export function createWalk() {
  const outcomes = new Map<StepName, Outcome>()
  let stopped = false
  return {
    outcomes: outcomes as Outcomes,
    skip(name: StepName): void {
      outcomes.set(name, 'not offered')
    },
    /** Undefined after a refusal, here or before. */
    async take<T extends object>(name: StepName, work: () => Promise<T>): Promise<T | undefined> {
      if (stopped) {
        outcomes.set(name, 'not tried')
        return undefined
      }
      try {
        const result = await work()
        outcomes.set(name, 'ok')
        return result
      } catch (error) {
        stopped = true
        outcomes.set(name, { refused: error instanceof Error ? error.message : String(error) })
        return undefined
      }
    },
  }
}

export type Walk = ReturnType<typeof createWalk>

/** A check inside a step; its sentence becomes the reason of the refusal. */
export function hold(claim: boolean, otherwise: string): asserts claim {
  if (!claim) throw new Error(otherwise)
}

export const hasFailed = (outcomes: Outcomes): boolean =>
  [...outcomes.values()].some((outcome) => outcome === 'not tried' || typeof outcome === 'object')
