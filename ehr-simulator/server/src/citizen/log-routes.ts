import type { Router } from '@koa/router'
import type { AppState } from '@uthopp/server-kit/http-app'
import type { CitizenDeps } from './citizen-deps.ts'
import type { CitizenGuard } from './citizen-guard.ts'
import { lookFace } from './log-face.ts'
import { looksOf } from './looks.ts'

/** «Hvem har sett i journalen din» (pasientjournalforskriften §14). */
export function addLogRoutes(
  router: Router<AppState>,
  { deps, guard }: { readonly deps: CitizenDeps; readonly guard: CitizenGuard },
): void {
  router.get('/log', async (ctx) => {
    // Whose log it is follows from who is signed in: there is no other patient to name.
    const { patient } = await guard(ctx)
    const { entries, more } = await deps.accessLog.read(ctx.state.trace, { patient, reader: patient })
    const looks = looksOf(entries, patient)
    ctx.body = {
      now: deps.now().toISOString(),
      more,
      looks: await Promise.all(looks.map((look) => lookFace(deps, patient, look))),
    }
  })
}
