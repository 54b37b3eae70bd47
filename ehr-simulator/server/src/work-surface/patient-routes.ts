import type { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import { readChart } from './chart.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import { matchesSearch, readRows, unitNameOf } from './unit-list.ts'

/** The unit's patients, and the chart of one of them. */
export function addPatientRoutes(
  router: Router<AppState>,
  rooms: { readonly deps: SurfaceDeps; readonly guard: SessionGuard },
): void {
  const { deps, guard } = rooms
  const seenBy = ({ user, role }: OnDuty) => deps.people.patientsSeenBy(user, role.id).map(({ patient }) => patient)
  const unitFace = async (present: OnDuty) => {
    const name = await unitNameOf(deps.store, present.role.id)
    const now = deps.now()
    return { name, now: now.toISOString(), patients: await readRows(deps.store, seenBy(present), name, now) }
  }

  router.get('/unit', async (ctx) => {
    ctx.body = await unitFace(await guard.onDuty(ctx))
  })

  // POST, because what is searched for is a name or a national id, and addresses end up in logs.
  router.post('/patients/search', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { text: wanted } = accept(readMembers(await readJson(ctx), { required: { text } }))
    const unit = await unitFace(present)
    ctx.body = { ...unit, patients: unit.patients.filter((row) => matchesSearch(row, wanted)) }
  })

  router.get('/patients/:id', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const id = ctx.params['id'] ?? ''
    // The same answer for a patient of another unit and for none at all.
    const chart = seenBy(present).includes(id) ? await readChart(deps, id, deps.now()) : undefined
    if (chart === undefined) refuse(403, 'patient_not_available', 'this patient is not in the care of this role')
    ctx.body = chart
  })
}
