import { randomUUID } from 'node:crypto'
import type { Router } from '@koa/router'
import type { DocumentReference, Resource } from '@medplum/fhirtypes'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { flag, list, readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician } from '#src/audit/audit-writer.ts'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'
import { breakGlass } from '#src/facts/break-glass.ts'
import { reasonLength } from '#src/facts/reason.ts'
import { assuranceOf } from '#src/session/assurance.ts'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import { readChart } from '../chart.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { idIn, instantOf, newestFirst } from '../words.ts'
import { anyWords, recordedAs, refusedActivity, takenAnswer } from './access-routes.ts'
import { guardChart } from './chart-guard.ts'
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

/** What policy keeps back only because the patient wants it so, found by reading the chart as this person. */
async function readBlocked(deps: SurfaceDeps, present: OnDuty, patient: string, trace: Trace) {
  const open = await requireOpen(deps, present, patient)
  const source = guardChart(deps, { present, patient, trace }, open)
  await readChart(source, deps, { patient, present, now: deps.now() })
  return { blocked: source.blocked(), answer: source.answerOf(`Patient/${patient}`) }
}

/**
 * Which of them a block keeps from this person, in the words of policy: by name, by who made them, or by a label. What a
 * block lifted before shows is blocked all the same.
 */
async function blockedAmong(
  deps: SurfaceDeps,
  { present, patient, trace }: Asked,
  items: readonly string[],
): Promise<ReadonlySet<string>> {
  const open = await requireOpen(deps, present, patient)
  const source = guardChart(deps, { present, patient, trace }, open)
  const find = async (item: string) => {
    const reference = parseReference(item)
    if (isProblem(reference)) return
    await source.find<Resource>(reference.type as Resource['resourceType'], reference.id) // an R4 type, as was parsed
  }
  await Promise.all(items.map(find))
  return new Set([...source.blocked().map(({ resourceType, id }) => `${resourceType}/${id}`), ...source.opened()])
}

/** The bytes of a document are an item of their own, and nothing one chooses. */
async function attachmentsOf({ store }: SurfaceDeps, patient: string, items: readonly string[]) {
  const each = items.map(async (item) => {
    const id = idIn({ reference: item }, 'DocumentReference')
    const document = id === undefined ? undefined : await store.find<DocumentReference>('DocumentReference', id)
    if (document === undefined || idIn(document.subject, 'Patient') !== patient) return []
    const parts = document.content.flatMap(
      ({ attachment }) => idIn({ reference: attachment.url ?? '' }, 'Binary') ?? [],
    )
    return parts.map((part) => `Binary/${part}`)
  })
  return [...new Set((await Promise.all(each)).flat())]
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['DocumentReference', 'Dokument'],
  ['DiagnosticReport', 'Svar på undersøkelse'],
  ['Observation', 'Måling eller prøvesvar'],
  ['ImagingStudy', 'Bildeundersøkelse'],
  ['Condition', 'Diagnose'],
  ['Encounter', 'Kontakt'],
  ['ServiceRequest', 'Bestilling'],
  ['MedicationStatement', 'Legemiddel'],
  ['MedicationAdministration', 'Gitt legemiddel'],
])

/** What kind of thing it is and when it was made: enough to choose by, and nothing of what it says. */
function itemFace(resource: { readonly resourceType: string; readonly id: string }) {
  const members = new Map<string, unknown>(Object.entries(resource))
  const moments = ['date', 'effectiveDateTime', 'issued', 'started', 'recordedDate', 'authoredOn']
  const at = moments.map((name) => members.get(name)).find((value) => typeof value === 'string')
  return {
    id: `${resource.resourceType}/${resource.id}`,
    kind: KINDS.get(resource.resourceType) ?? 'Opplysning',
    at: instantOf(typeof at === 'string' ? at : undefined),
  }
}

const byTime = newestFirst(({ at }: { readonly at: string | null }) => at)
