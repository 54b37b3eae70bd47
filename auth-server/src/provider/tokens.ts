import type { Account, KoaContextWithOIDC } from 'oidc-provider'
import { accessTokenClaims, idTokenClaims, tokenResponseFields } from '@uthopp/smart-core/launch/projections'
import type { LaunchDesk } from '#src/launch/desk.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { isSmartLevel } from '#src/clients/client.ts'
import type { Directory } from '#src/directory/directory.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { SMART_LEVEL } from './client-metadata.ts'
import { inWordsOf } from './context-words.ts'
import { traceOf } from './front.ts'
import { endGrant } from './grant-ended.ts'
import { isStillThere } from './still-there.ts'
import { memoOf } from './memo.ts'

type Issued = {
  readonly grantId?: string | undefined
  readonly kind?: string | undefined
  readonly consumed?: unknown
}

type FindAccountDeps = {
  readonly desk: LaunchDesk
  readonly directory: Pick<Directory, 'findPerson'>
  readonly rows: OidcRows
  readonly events: LaunchEvents
  readonly now: () => Date
}

/**
 * Who the token is about. At the token endpoint this is the first we hear of the grant, so its launch is read here, once, and
 * the claims, the response and the ID token are projections of it.
 */
export const findAccount =
  (deps: FindAccountDeps) =>
  async (ctx: KoaContextWithOIDC, sub: string, token?: Issued): Promise<Account | undefined> => {
    const memo = memoOf(ctx)
    if (token?.grantId !== undefined) {
      memo.authorized = memo.narrowed ?? (await deps.desk.findByGrant(token.grantId))
      if (memo.authorized === undefined) return undefined
      // One that was used before is not worth a question: the library refuses it and what came of it.
      const renews = token.kind === 'RefreshToken' && token.consumed === undefined
      if (renews && !(await isStillThere(deps.directory, memo.authorized, traceOf(ctx.req)))) {
        await endGrant(deps, token.grantId, 'person-gone')
        return undefined
      }
    }
    return {
      accountId: sub,
      claims: () => ({ sub, ...(memo.authorized === undefined ? {} : idTokenClaims(memo.authorized)) }),
    }
  }

/** The claims of contracts §6 beyond the registered ones: where the person is, never who they are. */
export const extraTokenClaims =
  (tenant: string) =>
  (ctx: KoaContextWithOIDC, token: Issued): Record<string, unknown> => {
    const { authorized } = memoOf(ctx)
    return token.grantId === undefined || authorized === undefined ? { tenant } : { ...accessTokenClaims(authorized) }
  }

/** Puts the launch context beside the tokens (SMART App Launch 2.2.0, "Launch context"), on refresh too (SAL-183). */
export function addLaunchContext(ctx: KoaContextWithOIDC): void {
  const { authorized } = memoOf(ctx)
  if (authorized === undefined || typeof ctx.body !== 'object' || ctx.body === null) return
  const level = ctx.oidc.client?.[SMART_LEVEL]
  Object.assign(ctx.body, inWordsOf(isSmartLevel(level) ? level : '2.2', tokenResponseFields(authorized)))
}
