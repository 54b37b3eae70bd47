import { generateSigningKey } from '@uthopp/server-kit/keys'
import { KEY_ALGORITHMS, type KeyStore, type StoredKey } from '#src/storage/keys.ts'
import { isNextDue, type KeySchedule, stagesOf } from './stages.ts'

type Why = 'due' | 'asked'

/** The generation that has to be published now: the first of all, one whose time has come, or one an operator wants. */
function wanted(keys: readonly StoredKey[], schedule: KeySchedule, now: Date, why: Why): number | undefined {
  const generation = Math.max(0, ...keys.map((key) => key.generation)) + 1
  const waiting = stagesOf(keys, now).some(([, stage]) => stage === 'next')
  const asked = why === 'asked' && !waiting
  return generation === 1 || asked || isNextDue(keys, schedule, now) ? generation : undefined
}

/**
 * Publishes the key that signs after the current one, for each algorithm that needs one; answers whether any did. Several
 * processes that decide at once end up with one key, because each generation is taken once.
 */
export async function publishNext(
  keys: readonly StoredKey[],
  why: Why,
  deps: { readonly store: KeyStore; readonly schedule: KeySchedule; readonly now: () => Date },
): Promise<boolean> {
  let needed = false
  for (const alg of KEY_ALGORITHMS) {
    const ofAlgorithm = keys.filter((key) => key.alg === alg)
    const generation = wanted(ofAlgorithm, deps.schedule, deps.now(), why)
    if (generation === undefined) continue
    needed = true
    const { kid, privateJwk } = await generateSigningKey(alg)
    const publishedAt = deps.now()
    // Nobody can hold a key set from before the first key.
    const waitMs = generation === 1 ? 0 : deps.schedule.publishedBeforeMs
    const signsFrom = new Date(publishedAt.getTime() + waitMs)
    await deps.store.add({ alg, generation, kid, jwk: privateJwk, publishedAt, signsFrom })
  }
  return needed
}
