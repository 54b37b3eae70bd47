import { BLOCK_KINDS, ROLE_KINDS } from '@uthopp/policy/facts'
import { ADT_EVENTS } from '../adt.ts'
import { APPROVED_TEMPLATES } from '../approvals.ts'
import { ASSIGNED_KINDS } from '../assignments.ts'
import { CONTACT_KINDS } from '../contacts.ts'

const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const
const INSTANT = { type: 'string', format: 'date-time' } as const
const MAYBE_TEXT = { type: ['string', 'null'] } as const
const MAYBE_INSTANT = { type: ['string', 'null'], format: 'date-time' } as const
const WORDS = { type: 'array', items: TEXT } as const

const object = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
) => ({ type: 'object', additionalProperties: false, required, properties })
const listOf = (items: unknown) => ({ type: 'array', items })
const orNull = (schema: unknown) => ({ oneOf: [schema, { type: 'null' }] })
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const refused = { $ref: '#/components/responses/Refused' } as const

const ORGNR = {
  name: 'orgnr',
  in: 'path',
  required: true,
  schema: TEXT,
  description: "the trust's organisation number",
} as const
const refusals = (statuses: readonly number[]) => Object.fromEntries(statuses.map((status) => [status, refused]))

const asked = (summary: string, scope: string, request: unknown, answer: unknown, status: 200 | 201 = 200) => ({
  summary,
  description: `Needs scope \`${scope}\`.`,
  security: [{ serviceToken: [] }],
  parameters: [ORGNR],
  requestBody: { required: true, ...json(request) },
  responses: { [status]: { description: 'Done', ...json(answer) }, ...refusals([400, 401, 404, 413, 415]) },
})
const told = (summary: string, request: unknown) => ({
  ...asked(summary, '__facts.write', request, {}),
  responses: { 204: { description: 'Done' }, ...refusals([400, 401, 404, 413, 415]) },
})
const looked = (summary: string, parameter: 'patient' | 'user', answer: unknown) => ({
  summary,
  description: 'Needs scope `__facts.read`.',
  security: [{ serviceToken: [] }],
  parameters: [ORGNR, { name: parameter, in: 'query', required: true, schema: TEXT }],
  responses: { 200: { description: 'As it stands', ...json(answer) }, ...refusals([400, 401, 404]) },
})

export const factSchemas = {
  FactRole: object({
    id: TEXT,
    kind: { enum: ROLE_KINDS },
    acute: FLAG,
    unit: TEXT,
    units: WORDS,
    department: TEXT,
    organization: TEXT,
  }),
  FactUser: object({
    id: TEXT,
    kind: { enum: ['clinician', 'citizen'] },
    employed: FLAG,
    licence: orNull(object({ active: FLAG, profession: { ...TEXT, description: 'Volven 9060' } })),
    role: orNull(named('FactRole')),
  }),
  CareDecision: object(
    {
      id: TEXT,
      template: { ...TEXT, description: 'https://terminology.dips.com/decisiontemplate, and BTG' },
      family: { enum: ['implicit', 'explicit'] },
      patient: TEXT,
      purpose: TEXT,
      valid_from: INSTANT,
      valid_until: { ...INSTANT, description: 'absent while what it follows from lasts' },
      elements: { ...WORDS, description: 'FHIR types, or `*`' },
      items: { ...WORDS, description: '`Type/id` of blocked items it opens; BTG alone' },
      user_selected: FLAG,
      self_selected: FLAG,
    },
    [
      'id',
      'template',
      'family',
      'patient',
      'purpose',
      'valid_from',
      'elements',
      'items',
      'user_selected',
      'self_selected',
    ],
  ),
  Block: object({ id: TEXT, kind: { enum: BLOCK_KINDS }, target: TEXT }),
  FactPatient: object({
    patient: TEXT,
    epoch: { ...TEXT, description: 'another one than before means that something here is different' },
    in_care_team: FLAG,
    contact_units: WORDS,
    self: FLAG,
    decisions: listOf(named('CareDecision')),
    blocks: listOf(named('Block')),
  }),
  Contact: object({
    id: TEXT,
    patient: TEXT,
    kind: { enum: CONTACT_KINDS },
    unit: TEXT,
    user: MAYBE_TEXT,
    encounter: MAYBE_TEXT,
    elements: WORDS,
    starts_at: INSTANT,
    ends_at: MAYBE_INSTANT,
  }),
  TakenDecision: object({
    id: TEXT,
    patient: TEXT,
    user: TEXT,
    role: TEXT,
    unit: TEXT,
    template: TEXT,
    purpose: TEXT,
    elements: WORDS,
    items: WORDS,
    self_selected: FLAG,
    valid_from: INSTANT,
    valid_until: INSTANT,
    ended_at: MAYBE_INSTANT,
  }),
} as const

const id = object({ id: TEXT })
const WRITE = '__facts.write'

export const factPaths = {
  '/{orgnr}/facts/cases': {
    post: asked(
      'What access of this person, in this role, to these patients depends on; patients of no one here are left out',
      '__facts.read',
      object(
        {
          user: { ...MAYBE_TEXT, description: 'null for a service behind which nobody stands' },
          role: { ...MAYBE_TEXT, description: 'left out: the only one, or none' },
          patients: { ...WORDS, maxItems: 200 },
        },
        ['user'],
      ),
      object({ at: INSTANT, user: orNull(named('FactUser')), patients: listOf(named('FactPatient')) }),
    ),
  },
  '/{orgnr}/facts/changes': {
    get: {
      summary: 'Who and what is different, one JSON object a line, with a heartbeat twice a second',
      description:
        'Needs scope `__facts.read`. A `heartbeat` stands behind everything committed before it. Ends with the token; `after` goes on from a sequence.',
      security: [{ serviceToken: [] }],
      parameters: [ORGNR, { name: 'after', in: 'query', schema: TEXT }],
      responses: {
        200: { description: 'Lines without end', content: { 'application/x-ndjson': { schema: TEXT } } },
        ...refusals([400, 401, 404, 503]),
      },
    },
  },
  '/{orgnr}/facts/contacts': {
    get: looked('Contacts of a patient', 'patient', object({ contacts: listOf(named('Contact')) })),
  },
  '/{orgnr}/facts/adt': {
    post: asked(
      'An event of patient administration; it opens and closes implicit decisions at once',
      WRITE,
      object(
        {
          event: { enum: ADT_EVENTS },
          patient: TEXT,
          unit: TEXT,
          encounter: TEXT,
          contact: { ...TEXT, description: 'the id a new contact is to have, or the contact meant' },
          at: INSTANT,
        },
        ['event', 'patient', 'at'],
      ),
      object({ contact: MAYBE_TEXT, ended: { type: 'integer' } }),
    ),
  },
  '/{orgnr}/facts/blocks': {
    get: looked('Blocks (sperringer) of a patient', 'patient', object({ blocks: listOf(named('Block')) })),
    post: asked(
      'Block a record, a document, a unit, an employee or a profession',
      WRITE,
      object({ patient: TEXT, kind: { enum: BLOCK_KINDS }, target: TEXT }, ['patient', 'kind']),
      id,
      201,
    ),
  },
  '/{orgnr}/facts/blocks/lift': { post: told('Lift a block', id) },
  '/{orgnr}/facts/responsibilities': {
    post: asked(
      'Give somebody a referral, a task, an operation or a responsibility',
      WRITE,
      object(
        {
          patient: TEXT,
          unit: TEXT,
          kind: { enum: ASSIGNED_KINDS },
          user: TEXT,
          at: INSTANT,
          encounter: TEXT,
          elements: WORDS,
        },
        ['patient', 'unit', 'kind'],
      ),
      id,
      201,
    ),
  },
  '/{orgnr}/facts/responsibilities/end': {
    post: told('End a contact of any kind', object({ id: TEXT, at: INSTANT }, ['id'])),
  },
  '/{orgnr}/facts/care-team': {
    get: looked('Who is in the care team', 'patient', object({ users: WORDS })),
    post: told('Join or leave a care team', object({ patient: TEXT, user: TEXT, member: FLAG })),
  },
  '/{orgnr}/facts/decisions': {
    get: looked(
      'Explicit decisions about a patient, without reasons',
      'patient',
      object({ decisions: listOf(named('TakenDecision')) }),
    ),
    post: asked(
      'Register what a project or a ticket is approved for; no app is opened with it',
      WRITE,
      object({
        patient: TEXT,
        user: TEXT,
        role: TEXT,
        template: { enum: APPROVED_TEMPLATES },
        approval: TEXT,
        valid_until: INSTANT,
      }),
      id,
      201,
    ),
  },
  '/{orgnr}/facts/decisions/end': { post: told('End a decision before its time', id) },
  '/{orgnr}/facts/licences': {
    get: looked(
      'What the simulated register of health personnel says',
      'user',
      object({ user: TEXT, profession: MAYBE_TEXT, active: FLAG, valid_until: MAYBE_INSTANT }),
    ),
    post: told(
      'Suspend or restore a licence, or set its end',
      object({ user: TEXT, active: FLAG, valid_until: MAYBE_INSTANT }, ['user', 'active']),
    ),
  },
} as const
