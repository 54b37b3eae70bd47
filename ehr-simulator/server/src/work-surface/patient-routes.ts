import type { Router } from '@koa/router'
import type { Answer } from '@uthopp/policy/answer'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician } from '#src/audit/audit-writer.ts'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import { basisOf, glassBasisOf } from './access/basis-of.ts'
import { guardChart, type GuardedChart } from './access/chart-guard.ts'
import { type OpenPatient, readCareList, refusePatient, requireOpen } from './access/own-case.ts'
import { readTakenFaces } from './access/read-taken.ts'
import { whyRefused } from './access/why-refused.ts'
import type { Sittings } from './access/sittings.ts'
import { readChart } from './chart.ts'
import type { SurfaceDeps } from './surface-deps.ts'
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

type Listed = { readonly open: OpenPatient; readonly answer: Answer | undefined }
/** A chart that was read, and in which trace. */
type Read = { readonly source: GuardedChart; readonly trace: Trace }

/** One line a patient: a list shows each of them (norway.md §5.1). */
async function tellListed({ deps, sittings }: Rooms, present: OnDuty, listed: readonly Listed[], trace: Trace) {
  const what = { interaction: 'search-type', type: 'Patient', ids: [], count: listed.length, query: null }
  const look = { kind: 'list', of: listed.map(({ open }) => open.facts.patient), now: deps.now() }
  await sittings.begin(present.session.ref, look, (begun) =>
    deps.audit.write(
      listed
        .filter(({ open }) => begun.includes(open.facts.patient))
        .map(({ open, answer }) => ({
          activity: 'fhir-access',
          actor: clinician(present.user.id, present.role.id),
          trace,
          patient: open.facts.patient,
          ...basisOf(open),
          answer,
          what,
        })),
    ),
  )
}

/** No log, no data: written before the chart is answered. */
async function tellOpened(
  { deps, sittings }: Rooms,
  present: OnDuty,
  { facts, leaning }: OpenPatient,
  { source, trace }: Read,
) {
  const look = { kind: 'chart', of: [`${facts.patient} ${leaning.decision?.id ?? ''}`], now: deps.now() }
  await sittings.begin(present.session.ref, look, () =>
    deps.audit.write({
      activity: 'patient-opened',
      actor: clinician(present.user.id, present.role.id),
      trace,
      patient: facts.patient,
      ...basisOf({ facts, leaning }),
      answer: source.answerOf(`Patient/${facts.patient}`),
    }),
  )
}

/** What stands in the chart because a block was lifted is a look of its own, item by item. */
async function tellLifted({ deps, sittings }: Rooms, present: OnDuty, open: OpenPatient, { source, trace }: Read) {
  const opened = source.opened()
  const glass = glassBasisOf(open)
  if (glass === undefined || opened.size === 0) return
  const look = { kind: `lifted ${glass.decision.id}`, of: [...opened], now: deps.now() }
  await sittings.begin(present.session.ref, look, (begun) =>
    deps.audit.write(
      begun.map((item) => ({
        activity: 'fhir-access',
        actor: clinician(present.user.id, present.role.id),
        trace,
        patient: open.facts.patient,
        ...glass,
        answer: source.answerOf(item),
        what: { interaction: 'read', type: item.split('/', 1)[0] ?? null, ids: [item], count: 1, query: null },
      })),
    ),
  )
}

/** An attempt without a relation is written down as well, once a look (norway.md §5.3). */
async function tellRefused({ deps, sittings }: Rooms, present: OnDuty, patient: string, trace: Trace) {
  if (!(await deps.facts.hasPatient(patient))) return
  const answer = await whyRefused(deps, { present, patient, trace })
  await sittings.begin(present.session.ref, { kind: 'refused', of: [patient], now: deps.now() }, () =>
    deps.audit.write({
      activity: 'patient-opened',
      outcome: 'refused',
      actor: clinician(present.user.id, present.role.id),
      trace,
      patient,
      answer,
      detail: { code: 'patient_not_available' },
    }),
  )
}
