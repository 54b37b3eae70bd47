import type { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import { guardChart } from './access/chart-guard.ts'
import { readCareList, refusePatient, requireOpen } from './access/own-case.ts'
import { readTakenFaces } from './access/read-taken.ts'
import type { Sittings } from './access/sittings.ts'
import { readChart } from './chart.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import { tellLifted, tellListed, tellOpened, tellRefused } from './tell-looks.ts'
import { matchesSearch, readRow, unitNameOf } from './unit-list.ts'

type Rooms = { readonly deps: SurfaceDeps; readonly guard: SessionGuard; readonly sittings: Sittings }

/** The unit's patients, and the chart of one of them. */
export function addPatientRoutes(router: Router<AppState>, rooms: Rooms): void {
  const { deps, guard } = rooms

  router.get('/unit', async (ctx) => {
    ctx.body = await unitFace(rooms, await guard.onDuty(ctx), ctx.state.trace)
  })

  // POST, because what is searched for is a name or a national id, and addresses end up in logs.
  router.post('/patients/search', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { text: wanted } = accept(readMembers(await readJson(ctx), { required: { text } }))
    const unit = await unitFace(rooms, present, ctx.state.trace)
    ctx.body = { ...unit, patients: unit.patients.filter((row) => matchesSearch(row, wanted)) }
  })

  router.get('/patients/:id', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const patient = ctx.params['id'] ?? ''
    const { trace } = ctx.state
    const open = await requireOpen(deps, present, patient).catch(async (refusal: unknown) => {
      await tellRefused(rooms, present, patient, trace)
      throw refusal
    })
    const source = guardChart(deps, { present, patient, trace }, open)
    const chart = await readChart(source, deps, { patient, present, now: deps.now() })
    if (chart === undefined) return refusePatient()
    await tellOpened(rooms, present, open, { source, trace })
    await tellLifted(rooms, present, open, { source, trace })
    ctx.body = {
      ...chart,
      learning: open.episodes !== null,
      access: await readTakenFaces(deps, present, open.facts),
    }
  })
}

async function unitFace(rooms: Rooms, present: OnDuty, trace: Trace) {
  const { deps } = rooms
  const name = await unitNameOf(deps.store, present.role.id)
  const now = deps.now()
  const patients = await readCareList(deps, present)
  const rows = await Promise.all(
    patients.map(async (patient) => {
      const open = await requireOpen(deps, present, patient)
      const source = guardChart(deps, { present, patient, trace }, open)
      const row = await readRow(source, patient, { unit: name, now })
      return row === undefined ? [] : [{ row, open, answer: source.answerOf(`Patient/${patient}`) }]
    }),
  )
  const listed = rows.flat()
  await tellListed(rooms, present, listed, trace)
  return { name, now: now.toISOString(), patients: listed.map(({ row }) => row) }
}
