import { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { integer, list, readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { ServiceVerifier } from '@uthopp/server-kit/service-token'
import type { Citizen, Defaults } from '#src/seed/people.ts'
import { requireOwnProcess } from '#src/http/own-process.ts'
import type { DirectoryUser, PeopleDirectory } from './people.ts'
import type { Records } from './records.ts'
import { describeForLog } from './log-names.ts'
import { anyText } from './any-text.ts'

/** One trust's directory: its people, its records, and who may ask. */
export type TrustDirectory = {
  readonly people: PeopleDirectory
  readonly records: Records
  /** Patients somebody has a live decision for, in one role or in any of theirs; a citizen, in their own record. */
  readonly careOf: (user: string, role: string | undefined) => Promise<ReadonlySet<string>>
  /** The authorization server of this trust. */
  readonly issuer: string
  /** Authorization server of this trust and the launcher, scope `__directory`. */
  readonly guard: ServiceVerifier
  /** Only in the demo world: everybody and everything, for the launcher. */
  readonly demo:
    | {
        readonly citizens: readonly Citizen[]
        readonly defaults: Defaults | undefined
        readonly units: readonly { readonly id: string; readonly name: string }[]
      }
    | undefined
}

const MAX_PATIENTS = 100

const told = ({ id, kind, username, name, profession, roles }: DirectoryUser) => ({
  id,
  kind,
  username,
  name,
  profession,
  roles: roles.map(({ id: role, name: title, organization }) => ({ id: role, name: title, organization })),
})

const unknown = (what: string): never => refuse(404, 'not_found', `no such ${what} in this trust`)

async function findUser(ctx: AppContext, { people }: TrustDirectory): Promise<void> {
  const { user, username } = accept(
    readMembers(await readJson(ctx), { required: {}, optional: { user: text, username: text } }),
  )
  if ((user === undefined) === (username === undefined))
    refuse(400, 'invalid_request', 'exactly one of `user` and `username` is needed')
  const found = user === undefined ? people.findByUsername(username ?? '') : people.findUser(user)
  ctx.body = { user: told(found ?? unknown('user')) }
}

async function verifyUser(ctx: AppContext, { people }: TrustDirectory): Promise<void> {
  const { username, password } = accept(
    readMembers(await readJson(ctx), { required: { username: text, password: anyText } }),
  )
  const answer = await people.verify(username, password)
  switch (answer.outcome) {
    case 'verified':
      ctx.body = { user: told(answer.user) }
      return
    case 'refused':
      return refuse(401, 'invalid_credentials', 'username and password do not belong together')
    case 'closed':
      return refuse(429, 'too_many_attempts', 'too many failed sign-ins; try again later', {
        headers: { 'retry-after': String(answer.seconds) },
      })
  }
}

async function searchPatients(ctx: AppContext, { people, records, careOf }: TrustDirectory): Promise<void> {
  const body = accept(
    readMembers(await readJson(ctx), {
      required: { user: text, text: anyText },
      optional: { role: text, limit: integer },
    }),
  )
  const user = people.findUser(body.user) ?? unknown('user')
  if (body.limit !== undefined && body.limit < 1) refuse(400, 'invalid_request', '`limit` must be at least 1')
  const care = await careOf(user.id, body.role)
  const found = people.matchPatients(body.text).filter(({ patient }) => care.has(patient))
  const seen = found.slice(0, Math.min(body.limit ?? 20, MAX_PATIENTS))
  const patients = await Promise.all(seen.map(({ patient }) => records.findPatient(patient)))
  ctx.body = { patients: patients.filter((patient) => patient !== undefined) }
}

/** Existence by trust: what was not asked about is null; encounters and references are only right with the patient they belong to. */
async function checkContext(ctx: AppContext, { people, records }: TrustDirectory): Promise<void> {
  const shape = {
    required: { user: text },
    optional: { role: text, patient: text, encounter: text, references: list(text) },
  }
  const { user: userId, role, patient, encounter, references } = accept(readMembers(await readJson(ctx), shape))
  const user = people.findUser(userId)
  const known = await Promise.all(
    (references ?? []).map(async (reference) => [reference, await records.has(reference, patient)] as const),
  )
  ctx.body = {
    user: user !== undefined,
    role: role === undefined ? null : (user?.roles.some(({ id }) => id === role) ?? false),
    patient: patient === undefined ? null : (await records.findPatient(patient)) !== undefined,
    encounter: encounter === undefined ? null : await records.hasEncounter(encounter, patient),
    references: Object.fromEntries(known),
    roles: (user?.roles ?? []).map(({ id, name }) => ({ id, name })),
  }
}

async function describePatient(ctx: AppContext, { records }: TrustDirectory): Promise<void> {
  const { patient } = accept(readMembers(await readJson(ctx), { required: { patient: text } }))
  const found = (await records.findPatient(patient)) ?? unknown('patient')
  ctx.body = { ...found, encounters: await records.encountersOf(patient) }
}

async function identifyPatient(ctx: AppContext, { people }: TrustDirectory): Promise<void> {
  const { national_id: nationalId } = accept(readMembers(await readJson(ctx), { required: { national_id: text } }))
  ctx.body = { patient: (people.findByNationalId(nationalId) ?? unknown('patient')).patient }
}

async function describeWorld(ctx: AppContext, { people, records, demo }: TrustDirectory): Promise<void> {
  accept(readMembers(await readJson(ctx), { required: {} }))
  if (!demo) refuse(404, 'not_found', 'there is no such resource here')
  const describe = async ({ patient, units }: { readonly patient: string; readonly units: readonly string[] }) => {
    const found = await records.findPatient(patient)
    if (!found) return []
    const encounters = await records.encountersOf(patient)
    return [
      {
        ...found,
        unit: units[0] ?? null,
        encounters: encounters.map(({ id, status, class: kind }) => ({ id, status, class: kind })),
      },
    ]
  }
  ctx.body = {
    people: people.users
      .filter(({ kind }) => kind === 'staff')
      .map(({ id, name, username, profession, roles }) => ({
        user: id,
        name,
        username,
        profession,
        roles: roles.map((role) => ({ id: role.id, name: role.name })),
      })),
    patients: (await Promise.all(people.patients.map(describe))).flat(),
    citizens: demo.citizens,
    defaults: demo.defaults ?? null,
    units: demo.units,
  }
}

const OPERATIONS: readonly (readonly [path: string, act: (ctx: AppContext, trust: TrustDirectory) => Promise<void>])[] =
  [
    ['/users/find', findUser],
    ['/users/verify', verifyUser],
    ['/patients/search', searchPatients],
    ['/context/check', checkContext],
    ['/patients/describe', describePatient],
    ['/patients/identify', identifyPatient],
    ['/log-names', describeForLog],
    ['/world', describeWorld],
  ]

const FOR_THE_TRUST: ReadonlySet<string> = new Set(['/patients/identify', '/log-names'])

/** `/<orgnr>/directory/**`, all by POST: names and search words stay out of addresses, and so out of logs. */
export function directoryRouter(trusts: ReadonlyMap<string, TrustDirectory>): Router<AppState> {
  const router = new Router<AppState>()
  for (const [path, act] of OPERATIONS) {
    router.post(`/:orgnr/directory${path}`, async (ctx) => {
      const trust = trusts.get(ctx.params['orgnr'] ?? '') ?? refuse(404, 'not_found', 'no such trust here')
      const { issuer } = await requireOwnProcess(ctx, trust.guard)
      // The numbers of staff and patients are for the trust's own authorization server, not for a developer's tool.
      if (FOR_THE_TRUST.has(path) && issuer !== trust.issuer)
        refuse(403, 'forbidden', 'only the authorization server of the trust may ask this')
      await act(ctx, trust)
    })
  }
  return router
}
