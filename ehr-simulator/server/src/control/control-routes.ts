import type { Router } from '@koa/router'
import type { Patient } from '@medplum/fhirtypes'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { choice, readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician } from '#src/audit/audit-writer.ts'
import { review } from '#src/facts/control-list.ts'
import { mustReview } from '#src/facts/must-review.ts'
import type { Also } from '#src/facts/storage/decisions.ts'
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
    const patients = [...new Set(entries.map(({ patient }) => patient))]
    await deps.audit.write(
      patients.map((patient) => ({
        activity: 'log-read',
        actor: clinician(present.user.id, present.role.id),
        trace: ctx.state.trace,
        patient,
        detail: { place: 'control-list' },
      })),
    )
    const names = await readNames(deps, patients)
    ctx.body = {
      unit: await unitNameOf(deps.store, present.role.id),
      entries: entries.map((entry) => entryFace(deps, names, entry)),
    }
  })

  router.post('/control/review', async (ctx) => {
    const { present, role } = await requireLeader(ctx)
    const { decision, outcome, note } = accept(readMembers(await readJson(ctx), REVIEW))
    const units = (await readConcerning(deps, present, role)).flatMap((each) =>
      each.id === decision ? [each.unit] : [],
    )
    const given = { id: decision, by: present.user.id, units, outcome, note }
    const reviewed = await review(deps.facts, given, reviewedAs(deps, present, ctx.state.trace))
    if (reviewed.kind === 'refused') throw dialogRefusal(reviewed.code)
    ctx.status = 204
  })
}

/** A review and its record are one transaction. */
const reviewedAs =
  (deps: SurfaceDeps, present: OnDuty, trace: Trace): Also =>
  (inside, { id, patient, template, review: made }) =>
    deps.audit.write(
      {
        activity: 'emergency-reviewed',
        actor: clinician(present.user.id, present.role.id),
        trace,
        patient,
        decision: { id, template, userSelected: true },
        detail: { outcome: made?.outcome ?? '' },
      },
      inside,
    )

/** Looked up once each, however many entries are about the same. */
async function readNames({ store }: SurfaceDeps, patients: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const each = patients.map(async (id) => {
    const { family, given } = nameParts((await store.find<Patient>('Patient', id))?.name)
    return [id, [family, given].filter((part) => part !== '').join(', ')] as const
  })
  return new Map(await Promise.all(each))
}

function entryFace(deps: SurfaceDeps, names: ReadonlyMap<string, string>, entry: TakenDecision) {
  const user = deps.people.findUser(entry.user)
  const { review: made } = entry
  return {
    decision: entry.id,
    title: titleOf(entry.template),
    kind: kindOf(entry.template),
    at: entry.validFrom.toISOString(),
    until: (entry.endedAt ?? entry.validUntil).toISOString(),
    who: user === undefined ? 'Tidligere ansatt' : `${user.name}, ${user.profession.toLocaleLowerCase('nb')}`,
    role: user?.roles.find(({ id }) => id === entry.role)?.name ?? '',
    patient: names.get(entry.patient) ?? '',
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
