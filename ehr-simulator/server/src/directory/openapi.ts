const TEXT = { type: 'string' } as const
const MAYBE_TEXT = { type: ['string', 'null'] } as const
const MAYBE_TRUE = { type: ['boolean', 'null'], description: 'null when it was not asked about' } as const

const object = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
const listOf = (items: unknown) => ({ type: 'array', items })
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const refused = { $ref: '#/components/responses/Refused' } as const

/** An operation of the directory: JSON by POST with exactly these members. */
function operation(summary: string, request: unknown, answer: unknown, refusals: readonly number[]) {
  return {
    post: {
      summary,
      security: [{ serviceToken: [] }],
      parameters: [
        { name: 'orgnr', in: 'path', required: true, schema: TEXT, description: "the trust's organisation number" },
      ],
      requestBody: { required: true, ...json(request) },
      responses: {
        200: { description: 'Answered', ...json(answer) },
        ...Object.fromEntries([400, 401, 413, 415, ...refusals].map((status) => [status, refused])),
      },
    },
  }
}

export const directorySchemas = {
  DirectoryRole: object({ id: TEXT, name: TEXT, organization: TEXT }),
  DirectoryUser: object({
    id: TEXT,
    kind: { enum: ['staff', 'citizen'] },
    username: TEXT,
    name: TEXT,
    profession: TEXT,
    roles: listOf(named('DirectoryRole')),
  }),
  DirectoryPatient: object({ id: TEXT, name: TEXT, birthDate: MAYBE_TEXT, gender: MAYBE_TEXT }),
  RoleName: object({ id: TEXT, name: TEXT }),
} as const

const MAYBE_PLACE = {
  oneOf: [object({ id: TEXT, name: TEXT, enh: MAYBE_TEXT, resh: MAYBE_TEXT }), { type: 'null' }],
} as const
const user = object({ user: named('DirectoryUser') })
const encounter = { id: TEXT, class: MAYBE_TEXT, status: TEXT }

export const directoryPaths = {
  '/{orgnr}/directory/users/find': operation(
    'Find a user, with roles, by id or by username',
    object({ user: TEXT, username: TEXT }, []),
    user,
    [404],
  ),
  '/{orgnr}/directory/users/verify': operation(
    'Verify a password; ten failures a minute close the username',
    object({ username: TEXT, password: TEXT }),
    user,
    [429],
  ),
  '/{orgnr}/directory/patients/search': operation(
    'Search the patients a user may see: those there is a live decision for, in the role or in any of the roles',
    object({ user: TEXT, role: TEXT, text: TEXT, limit: { type: 'integer', minimum: 1 } }, ['user', 'text']),
    object({ patients: listOf(named('DirectoryPatient')) }),
    [404],
  ),
  '/{orgnr}/directory/context/check': operation(
    'Does this user, role, patient, encounter exist in this trust, and do they belong together',
    object({ user: TEXT, role: TEXT, patient: TEXT, encounter: TEXT, references: listOf(TEXT) }, ['user']),
    object({
      user: { type: 'boolean' },
      role: MAYBE_TRUE,
      patient: MAYBE_TRUE,
      encounter: MAYBE_TRUE,
      references: { type: 'object', additionalProperties: { type: 'boolean' } },
      roles: listOf(named('RoleName')),
    }),
    [],
  ),
  '/{orgnr}/directory/patients/describe': operation(
    'Describe a patient and their encounters, newest first',
    object({ patient: TEXT }),
    object({
      ...directorySchemas.DirectoryPatient.properties,
      encounters: listOf(object({ ...encounter, start: MAYBE_TEXT })),
    }),
    [404],
  ),
  '/{orgnr}/directory/patients/identify': operation(
    'The patient a national id belongs to; for the authorization server of the trust alone',
    object({ national_id: TEXT }),
    object({ patient: TEXT }),
    [403, 404],
  ),
  '/{orgnr}/directory/log-names': operation(
    'The names behind the ids of an access log; for the authorization server of the trust alone',
    object({ users: listOf(TEXT), roles: listOf(TEXT), patients: listOf(TEXT) }),
    object({
      staff: listOf(
        object({
          id: TEXT,
          family: TEXT,
          given: TEXT,
          national_id: TEXT,
          hpr: MAYBE_TEXT,
          profession: object({ code: TEXT, text: TEXT }),
        }),
      ),
      roles: listOf(object({ id: TEXT, title: TEXT, department: MAYBE_PLACE, location: MAYBE_PLACE })),
      patients: listOf(object({ id: TEXT, family: TEXT, given: TEXT })),
    }),
    [403],
  ),
  '/{orgnr}/directory/world': operation(
    'Demo world only: everybody and every patient, for the launcher',
    object({}),
    object({
      people: listOf(
        object({ user: TEXT, name: TEXT, username: TEXT, profession: TEXT, roles: listOf(named('RoleName')) }),
      ),
      patients: listOf(
        object({
          ...directorySchemas.DirectoryPatient.properties,
          unit: MAYBE_TEXT,
          encounters: listOf(object(encounter)),
        }),
      ),
      citizens: listOf(object({ username: TEXT, patient: TEXT })),
      defaults: { oneOf: [object({ user: TEXT, role: TEXT, patient: TEXT }), { type: 'null' }] },
      units: listOf(named('RoleName')),
    }),
    [404],
  ),
} as const
