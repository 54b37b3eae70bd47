import type { Router } from '@koa/router'
import type { Patient } from '@medplum/fhirtypes'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { choice, readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { clinician } from '#src/audit/audit-writer.ts'
import { mustReview, review } from '#src/facts/control-list.ts'
import { REVIEW_OUTCOMES, type TakenDecision } from '#src/facts/taken-decisions.ts'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import { anyWords } from '#src/work-surface/access/access-routes.ts'
import { readOwnCase } from '#src/work-surface/access/own-case.ts'
import { dialogRefusal } from '#src/work-surface/access/refuse-dialog.ts'
import { kindOf, titleOf } from '#src/work-surface/access/taken-face.ts'
import type { SurfaceDeps } from '#src/work-surface/surface-deps.ts'
import { unitNameOf } from '#src/work-surface/unit-list.ts'
import { nameParts } from '#src/work-surface/words.ts'
import { readConcerning } from './concerning.ts'

const REVIEW = { required: { decision: text, outcome: choice(REVIEW_OUTCOMES), note: anyWords } } as const

/** «Kontrolliste»: a leader goes through what the unit's people gave themselves access to (norway.md §6.3, point 1). */
export function addControlRoutes(
  router: Router<AppState>,
  { deps, guard }: { readonly deps: SurfaceDeps; readonly guard: SessionGuard },
): void {
  const requireLeader = async (ctx: AppContext) => {
    const present = await guard.onDuty(ctx)
    // Asked of the facts on every request: a leader of yesterday sees nothing today.
    const { role } = await readOwnCase(deps, present, [])
    return role.kind === 'leader'
      ? { present, role }
      : refuse(403, 'control_not_available', 'the control list is for the leader of the unit')
  }

  router.get('/control', async (ctx) => {
    const { present, role } = await requireLeader(ctx)
    const entries = await readConcerning(deps, present, role)
    await deps.audit.write(
      [...new Set(entries.map(({ patient }) => patient))].map((patient) => ({
        activity: 'log-read',
        actor: clinician(present.user.id, present.role.id),
        trace: ctx.state.trace,
        patient,
        detail: { place: 'control-list' },
      })),
    )
    ctx.body = {
      unit: await unitNameOf(deps.store, present.role.id),
      entries: await Promise.all(entries.map((entry) => entryFace(deps, entry))),
    }
  })

  router.post('/control/review', async (ctx) => {
    const { present, role } = await requireLeader(ctx)
    const { decision, outcome, note } = accept(readMembers(await readJson(ctx), REVIEW))
    const units = (await readConcerning(deps, present, role)).flatMap((each) =>
      each.id === decision ? [each.unit] : [],
    )
    const reviewed = await review(deps.facts, { id: decision, by: present.user.id, units, outcome, note })
    if (reviewed.kind === 'refused') throw dialogRefusal(reviewed.code)
    await tellReviewed(deps, present, decision, ctx)
    ctx.status = 204
  })
}

async function tellReviewed(deps: SurfaceDeps, present: OnDuty, id: string, ctx: AppContext): Promise<void> {
  const decision = await deps.facts.decisions.find(id)
  if (decision === undefined) return
  const { patient, template, review: made } = decision
  await deps.audit.write({
    activity: 'emergency-reviewed',
    actor: clinician(present.user.id, present.role.id),
    trace: ctx.state.trace,
    patient,
    decision: { id, template, userSelected: true },
    detail: { outcome: made?.outcome ?? '' },
  })
}

async function entryFace(deps: SurfaceDeps, entry: TakenDecision) {
  const user = deps.people.findUser(entry.user)
  const patient = await deps.store.find<Patient>('Patient', entry.patient)
  const { family, given } = nameParts(patient?.name)
  const { review: made } = entry
  return {
    decision: entry.id,
    title: titleOf(entry.template),
    kind: kindOf(entry.template),
    at: entry.validFrom.toISOString(),
    until: (entry.endedAt ?? entry.validUntil).toISOString(),
    who: user === undefined ? 'Tidligere ansatt' : `${user.name}, ${user.profession.toLocaleLowerCase('nb')}`,
    role: user?.roles.find(({ id }) => id === entry.role)?.name ?? '',
    patient: [family, given].filter((part) => part !== '').join(', '),
    reason: [entry.reason, entry.renewal?.reason].filter(Boolean).join(' / Fornyet: '),
    items: entry.items.filter((item) => !item.startsWith('Binary/')).length,
    mustReview: mustReview(entry),
    review: made && {
      at: made.at.toISOString(),
      by: deps.people.findUser(made.by)?.name ?? 'Tidligere ansatt',
      outcome: made.outcome,
      note: made.note,
    },
  }
}
