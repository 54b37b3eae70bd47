import { createHmac } from 'node:crypto'
import { importSigningKey, type SigningKey } from '@uthopp/server-kit/keys'
import type { KeyStore, StoredKey } from '#src/storage/keys.ts'
import { publishNext } from './publish-next.ts'
import { type KeySchedule, type KeyStage, stagesOf } from './stages.ts'

/** The keys one issuer signs with: ID tokens RS256 (SMART App Launch 2.2.0, "sso-openid-connect"), access tokens ES256. */
export type IssuerKeys = {
  readonly idToken: SigningKey
  readonly accessToken: SigningKey
  /** All that are published. INVARIANT: of each algorithm the one that signs comes first; the library signs with the first. */
  readonly published: readonly SigningKey[]
  /** Of the cookie signatures, the one that signs first. They follow from stored keys, so every process has the same. */
  readonly cookieKeys: readonly string[]
}

type Staged = readonly (readonly [StoredKey, KeyStage])[]

const ORDER: readonly KeyStage[] = ['current', 'next', 'retired']

const cookieKeyFrom = ({ privateJwk }: SigningKey): string =>
  createHmac('sha256', JSON.stringify(privateJwk.d)).update('interaction cookies').digest('base64url')

async function takeIntoUse(staged: Staged): Promise<IssuerKeys> {
  const inOrder = ORDER.flatMap((wanted) => staged.filter(([, stage]) => stage === wanted))
  const published = await Promise.all(inOrder.map(([key]) => importSigningKey(key.jwk)))
  const idToken = published.find((key) => key.alg === 'RS256')
  const accessToken = published.find((key) => key.alg === 'ES256')
  if (idToken === undefined || accessToken === undefined) throw new Error('the key store keeps no keys')
  const cookieKeys = published.filter((key) => key.alg === 'ES256').map(cookieKeyFrom)
  return { idToken, accessToken, published, cookieKeys }
}

/**
 * Reads what is stored, does what is due and answers the keys of this moment; the ones given before, when nothing has changed.
 * The first look of all makes the first keys.
 */
export function createLook(deps: {
  readonly store: KeyStore
  readonly schedule: KeySchedule
  readonly now: () => Date
}): () => Promise<IssuerKeys> {
  let before: { readonly known: string; readonly keys: IssuerKeys } | undefined
  return async () => {
    let stored = await deps.store.all()
    if (await publishNext(stored, 'due', deps)) stored = await deps.store.all()
    const now = deps.now()
    const byAlgorithm = Map.groupBy(stored, (key) => key.alg)
    const staged = [...byAlgorithm.values()].flatMap((keys) => stagesOf(keys, now))
    for (const [key, stage] of staged) if (stage === 'gone') await deps.store.remove(key)
    const known = staged.map(([{ kid }, stage]) => `${kid} ${stage}`).join()
    if (before?.known !== known) before = { known, keys: await takeIntoUse(staged) }
    return before.keys
  }
}
