import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { readSettled } from '#src/standalone/progress.ts'
import { memoOf } from './memo.ts'
import type { Needed } from './standalone.ts'

/** What this request still needs: an EHR launch nothing ever, a standalone one nothing after its pages. */
function neededBy(ctx: KoaContextWithOIDC): Needed | undefined {
  const { redeemed, standalone, needed } = memoOf(ctx)
  if (redeemed !== undefined || standalone !== undefined) return undefined
  return readSettled(ctx.oidc.result) === undefined ? (needed ?? 'login_required') : undefined
}

const check = (needed: Needed, description: string) =>
  new interactionPolicy.Check(needed, description, needed, (ctx) => neededBy(ctx) === needed)

/**
 * One prompt leads to our pages, which know themselves what to ask; the errors tell `prompt=none` what would be asked.
 * `consent` is there because the library refuses words of `prompt` it does not know.
 */
export function smartPolicy(): interactionPolicy.Prompt[] {
  const [login, consent] = ['login', 'consent'].map((name) => {
    const prompt = new interactionPolicy.Prompt({ name, requestable: true })
    prompt.checks.clear()
    return prompt
  })
  if (login === undefined || consent === undefined) throw new Error('two prompts were made on the line above')
  login.checks.add(check('login_required', 'nobody is signed in here'))
  login.checks.add(check('interaction_required', 'the person has to choose a patient'))
  login.checks.add(check('consent_required', 'the person has to be asked'))
  return [login, consent]
}
