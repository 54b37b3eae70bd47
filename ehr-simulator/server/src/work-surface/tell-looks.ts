import type { Answer } from '@uthopp/policy/answer'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician } from '#src/audit/audit-writer.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import { basisOf, glassBasisOf } from './access/basis-of.ts'
import type { GuardedChart } from './access/chart-guard.ts'
import type { OpenPatient } from './access/own-case.ts'
import type { Sittings } from './access/sittings.ts'
import { whyRefused } from './access/why-refused.ts'
import type { SurfaceDeps } from './surface-deps.ts'

type Rooms = { readonly deps: SurfaceDeps; readonly sittings: Sittings }
type Listed = { readonly open: OpenPatient; readonly answer: Answer | undefined }
/** A chart that was read, and in which trace. */
type Read = { readonly source: GuardedChart; readonly trace: Trace }

/** One line a patient: a list shows each of them (norway.md §5.1). */
export async function tellListed({ deps, sittings }: Rooms, present: OnDuty, listed: readonly Listed[], trace: Trace) {
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
export async function tellOpened(
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
export async function tellLifted(
  { deps, sittings }: Rooms,
  present: OnDuty,
  open: OpenPatient,
  { source, trace }: Read,
) {
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
export async function tellRefused({ deps, sittings }: Rooms, present: OnDuty, patient: string, trace: Trace) {
  if (!(await deps.facts.hasPatient(patient))) return
  await sittings.begin(present.session.ref, { kind: 'refused', of: [patient], now: deps.now() }, async () =>
    deps.audit.write({
      activity: 'patient-opened',
      outcome: 'refused',
      actor: clinician(present.user.id, present.role.id),
      trace,
      patient,
      answer: await whyRefused(deps, { present, patient, trace }),
      detail: { code: 'patient_not_available' },
    }),
  )
}
