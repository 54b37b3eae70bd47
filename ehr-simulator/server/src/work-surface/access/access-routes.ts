import { randomUUID } from 'node:crypto'
import type { Router } from '@koa/router'
import type { Patient } from '@medplum/fhirtypes'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { type MemberReader, readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import { problem } from '@uthopp/smart-core/problem'
import { clinician } from '#src/audit/audit-writer.ts'
import { reasonLength } from '#src/facts/reason.ts'
import { giveUp, renew, selfAuthorize, type Taken, templatesFor } from '#src/facts/self-authorize.ts'
import type { Also } from '#src/facts/storage/decisions.ts'
import { type DialogTemplate, findTemplate } from '#src/facts/templates.ts'
import type { SessionGuard } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { nameParts } from '../words.ts'
import { recordedAs, refusedActivity } from './access-records.ts'
import type { Choice } from './may-choose.ts'
import { mayProlong, mayTake } from './may-take.ts'
import { readOwnCase } from './own-case.ts'
import { isRenewable } from './read-taken.ts'
import { dialogRefusal, UNDECIDED } from './refuse-dialog.ts'
import type { Sittings } from './sittings.ts'
import { takenFace } from './taken-face.ts'

/** Somebody's own words, also none: whether they say enough is for `parseReason` to tell, in a code of its own. */
export const anyWords: MemberReader<string> = (value, name) =>
  typeof value === 'string' && value.length <= 2000 ? value : problem(name, `\`${name}\` must be a text`)

const TAKING = { required: { patient: text, ground: text, reason: anyWords } } as const
const RENEWING = { required: { decision: text, reason: anyWords } } as const
const ENDING = { required: { decision: text } } as const

const NOT_AVAILABLE: Choice = { kind: 'denied', code: 'template_not_available', answer: undefined }

/** Long enough to be asked what a role may choose before anybody has written anything. */
const SOME_REASON = 100

type Rooms = { readonly deps: SurfaceDeps; readonly guard: SessionGuard; readonly sittings: Sittings }

/** «Velg grunnlag for tilgang», blålys among the grounds: access somebody gives themselves, for a while and with a reason. */
export function addAccessRoutes(router: Router<AppState>, { deps, guard, sittings }: Rooms): void {
  router.get('/patients/:id/access', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const id = ctx.params['id'] ?? ''
    const { role } = await readOwnCase(deps, present, [])
    const patient = await deps.store.find<Patient>('Patient', id)
    if (patient === undefined) throw dialogRefusal('patient_not_known')
    const templates = await templatesFor(deps.facts, { user: present.user.id, role }, id)
    const allowed = await Promise.all(
      templates.map(async (template) => {
        const situation = { present, patient: id, trace: ctx.state.trace }
        const choice = await mayTake(deps, situation, template, SOME_REASON)
        if (choice.kind === 'denied' && choice.code === UNDECIDED) throw dialogRefusal(UNDECIDED)
        return choice.kind === 'allowed' ? [template] : []
      }),
    )
    // Who somebody is, is told whether or not anything comes of it.
    await sittings.begin(present.session.ref, { kind: 'asked', of: [id], now: deps.now() }, () =>
      deps.audit.write({
        activity: 'fhir-access',
        actor: clinician(present.user.id, present.role.id),
        trace: ctx.state.trace,
        patient: id,
        purpose: 'TREAT',
        what: { interaction: 'read', type: 'Patient', ids: [`Patient/${id}`], count: 1, query: null },
        detail: { place: 'choose-access' },
      }),
    )
    ctx.body = {
      patient: {
        id,
        ...nameParts(patient.name),
        birthDate: patient.birthDate ?? '',
        gender: patient.gender ?? 'unknown',
      },
      grounds: allowed.flat().map(groundFace),
    }
  })

  router.post('/access', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { patient, ground, reason } = accept(readMembers(await readJson(ctx), TAKING))
    const { role } = await readOwnCase(deps, present, [])
    const { trace } = ctx.state
    const template = findTemplate(ground)
    const choice =
      template === undefined
        ? NOT_AVAILABLE
        : await mayTake(deps, { present, patient, trace }, template, reasonLength(reason))
    const outcome =
      choice.kind === 'allowed'
        ? await selfAuthorize(
            deps.facts,
            { id: randomUUID(), user: present.user.id, role, patient, template: ground, reason },
            recordedAs(deps, present, { activity: 'self-authorized', ...choice }, trace),
          )
        : ({ kind: 'refused', code: choice.code } as const)
    const known = await deps.facts.hasPatient(patient)
    if (outcome.kind === 'refused') {
      await deps.audit.write(refusedActivity({ present, patient: known ? patient : null, trace }, outcome.code, choice))
      throw dialogRefusal(outcome.code)
    }
    ctx.status = 201
    ctx.body = takenAnswer(outcome)
  })

  router.post('/access/renew', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { decision, reason } = accept(readMembers(await readJson(ctx), RENEWING))
    const { role } = await readOwnCase(deps, present, [])
    const { trace } = ctx.state
    const choice = await mayProlong(deps, { present, trace }, decision, reasonLength(reason))
    const outcome =
      choice.kind === 'allowed'
        ? await renew(
            deps.facts,
            { user: present.user.id, role, decision, reason },
            recordedAs(deps, present, { activity: 'self-authorized', ...choice }, trace),
          )
        : ({ kind: 'refused', code: choice.code } as const)
    if (outcome.kind === 'refused') {
      await deps.audit.write(refusedActivity({ present, patient: null, trace }, outcome.code, choice))
      throw dialogRefusal(outcome.code)
    }
    ctx.body = takenAnswer(outcome)
  })

  router.post('/access/end', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { decision } = accept(readMembers(await readJson(ctx), ENDING))
    const { role } = await readOwnCase(deps, present, [])
    const also: Also = (inside, ended) => {
      const activity = ended.template === 'BTG' ? 'break-glass-stopped' : 'decision-changed'
      return recordedAs(deps, present, { activity, notified: [], answer: undefined }, ctx.state.trace)(inside, ended)
    }
    const outcome = await giveUp(deps.facts, { user: present.user.id, role, decision }, also)
    if (outcome.kind === 'refused') throw dialogRefusal(outcome.code)
    ctx.status = 204
  })
}

const groundFace = ({ id, title, hint, lastsMs, reasonRequired }: DialogTemplate) => ({
  id,
  title,
  hint,
  minutes: Math.round(lastsMs / 60_000),
  reasonRequired,
})

export const takenAnswer = ({ decision }: Taken) => takenFace(decision, isRenewable(decision))
