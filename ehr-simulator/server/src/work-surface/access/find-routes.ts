import type { Router } from '@koa/router'
import type { Patient } from '@medplum/fhirtypes'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { clinician } from '#src/audit/audit-writer.ts'
import { matchesWords, wordsOf } from '#src/directory/match-patient.ts'
import type { SessionGuard } from '#src/session/session-guard.ts'
import { patientFace } from '../patient-face.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { readOwnCase } from './own-case.ts'
import { leaningOf } from './relation.ts'
import type { Sittings } from './sittings.ts'

/** Fewer letters than this are a stroll through the register. */
const LEAST = 3
const MOST = 20
/** Warnings are part of the chart, not of who somebody is. */
const NO_WARNINGS = { allergies: [], flags: [] }

/** «Finn pasient»: who somebody is, among all patients of the trust; nothing of what is wrong with them. */
export function addFindRoutes(
  router: Router<AppState>,
  { deps, guard, sittings }: { readonly deps: SurfaceDeps; readonly guard: SessionGuard; readonly sittings: Sittings },
): void {
  // POST, because what is searched for is a name or a national id, and addresses end up in logs.
  router.post('/patients/find', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const { text: wanted } = accept(readMembers(await readJson(ctx), { required: { text } }))
    const words = wordsOf(wanted)
    if (words.join('').length < LEAST) refuse(400, 'search_too_short', '`text` needs three letters or digits')
    const hits = deps.people.patients.filter((patient) => matchesWords(patient, words))
    const found = hits.slice(0, MOST)
    const known = await readOwnCase(
      deps,
      present,
      found.map(({ patient }) => patient),
    )
    const now = deps.now()
    const rows = await Promise.all(
      found.map(async ({ patient: id }) => {
        const [patient, facts] = [await deps.store.find<Patient>('Patient', id), known.patients.get(id)]
        if (patient === undefined || facts === undefined) return []
        return [{ patient: patientFace(patient, NO_WARNINGS), open: leaningOf(facts) !== undefined }]
      }),
    )
    const look = { kind: 'found', of: found.map(({ patient }) => patient), now }
    await sittings.begin(present.session.ref, look, (begun) =>
      deps.audit.write(
        begun.map((patient) => ({
          activity: 'fhir-access',
          actor: clinician(present.user.id, present.role.id),
          trace: ctx.state.trace,
          patient,
          purpose: 'TREAT',
          what: { interaction: 'search-type', type: 'Patient', ids: [], count: found.length, query: null },
          detail: { place: 'find-patient' },
        })),
      ),
    )
    ctx.body = { now: now.toISOString(), patients: rows.flat(), more: hits.length > MOST }
  })
}
