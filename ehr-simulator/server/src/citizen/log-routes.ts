import type { Router } from '@koa/router'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import type { CitizenDeps } from './citizen-deps.ts'
import type { CitizenGuard } from './citizen-guard.ts'
import { lookFace } from './log-face.ts'
import { readLooks } from './read-looks.ts'

/** «Hvem har sett i journalen din» (pasientjournalforskriften §14). */
export function addLogRoutes(
  router: Router<AppState>,
  { deps, guard }: { readonly deps: CitizenDeps; readonly guard: CitizenGuard },
): void {
  router.get('/log', async (ctx) => {
    // Whose log it is follows from who is signed in: there is no other patient to name.
    const { patient } = await guard(ctx)
    const { looks, older } = await readLooks(deps.accessLog, ctx.state.trace, { patient, cursor: cursorOf(ctx) })
    ctx.body = {
      now: deps.now().toISOString(),
      older,
      looks: await Promise.all(looks.map((look) => lookFace(deps, patient, look))),
    }
  })
}

/** Where the page before ended; what it says is for whoever keeps the log to read. */
function cursorOf({ querystring }: AppContext): string | null {
  const { cursor } = accept(
    readMembers(Object.fromEntries(new URLSearchParams(querystring)), { required: {}, optional: { cursor: text } }),
  )
  return cursor ?? null
}
