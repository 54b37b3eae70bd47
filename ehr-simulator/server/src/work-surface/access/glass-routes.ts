import { randomUUID } from 'node:crypto'
import type { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { flag, list, readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician } from '#src/audit/audit-writer.ts'
import { breakGlass } from '#src/facts/break-glass.ts'
import { reasonLength } from '#src/facts/reason.ts'
import { assuranceOf } from '#src/session/assurance.ts'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { recordedAs, refusedActivity } from './access-records.ts'
import { anyWords, takenAnswer } from './access-routes.ts'
import { attachmentsOf, blockedAmong, byTime, itemFace, readBlocked } from './blocked-items.ts'
import { type Choice, mayChoose } from './may-choose.ts'
import { readOwnCase, requireOpen } from './own-case.ts'
import { dialogRefusal } from './refuse-dialog.ts'
import type { Sittings } from './sittings.ts'
import { requireStepUp } from './step-up.ts'

const GLASS = {
  required: { patient: text, items: list(text, 50), reason: anyWords, confirmed: flag },
  optional: { password: anyWords },
} as const

/** A whole blocked record holds more than anybody chooses from; what is newest matters most then. */
const MOST_SHOWN = 25

type Rooms = { readonly deps: SurfaceDeps; readonly guard: SessionGuard; readonly sittings: Sittings }
type Asked = {
  readonly present: OnDuty
  readonly patient: string
  readonly items: readonly string[]
  readonly reasonChars: number
  readonly confirmed: boolean
  readonly trace: Trace
}

/** «Opphev sperring»: another emergency than blålys, with doors of its own. */
export function addGlassRoutes(router: Router<AppState>, { deps, guard, sittings }: Rooms): void {
  router.get('/patients/:id/blocked', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const patient = ctx.params['id'] ?? ''
    const { blocked, answer } = await readBlocked(deps, present, patient, ctx.state.trace)
    await sittings.begin(present.session.ref, { kind: 'blocked', of: [patient], now: deps.now() }, () =>
      deps.audit.write({
        activity: 'fhir-access',
        actor: clinician(present.user.id, present.role.id),
        trace: ctx.state.trace,
        patient,
        purpose: 'TREAT',
        answer,
        detail: { place: 'blocked-list' },
      }),
    )
    // Whoever could not open them hears the same as where there is nothing.
    const items = blocked.filter(({ resourceType }) => resourceType !== 'Binary').map(itemFace)
    ctx.body = { items: items.toSorted(byTime).slice(0, MOST_SHOWN) }
  })

  router.post('/glass', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { patient, items, reason, confirmed, password = '' } = accept(readMembers(await readJson(ctx), GLASS))
    const { trace } = ctx.state
    const { role } = await readOwnCase(deps, present, [])
    await requireOpen(deps, present, patient)
    await requireStepUp(deps, { present, patient, password, trace })
    const along = await attachmentsOf(deps, patient, items)
    const asked = { present, patient, items: [...items, ...along], reasonChars: reasonLength(reason), confirmed, trace }
    const choice = await mayOpen(deps, asked)
    const outcome =
      choice.kind === 'allowed'
        ? await breakGlass(
            deps.facts,
            {
              id: randomUUID(),
              user: present.user.id,
              role,
              patient,
              items,
              along,
              blocked: await blockedAmong(deps, asked, items),
              reason,
              confirmed,
              acr: assuranceOf(deps.deployment),
            },
            recordedAs(deps, present, { activity: 'break-glass-started', ...choice }, trace),
          )
        : ({ kind: 'refused', code: choice.code } as const)
    if (outcome.kind === 'refused') {
      await deps.audit.write(refusedActivity(asked, outcome.code, choice, 'break-glass-refused'))
      throw dialogRefusal(outcome.code)
    }
    ctx.status = 201
    ctx.body = takenAnswer(outcome)
  })
}

const mayOpen = (deps: SurfaceDeps, asked: Asked): Promise<Choice> => {
  const { items, reasonChars, confirmed } = asked
  const question = { action: 'breakGlass', items, reasonChars, confirmed } as const
  const basis = { purpose: 'BTG', decision: null }
  return mayChoose(deps, asked, { basis, question, otherwise: 'glass_not_available' })
}
