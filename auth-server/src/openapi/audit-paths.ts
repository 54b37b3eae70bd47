import { formBody, json, jsonBody, parameter, type Paths, refusals } from './parts.ts'

const READ = [{ processToken: ['__audit.read'] }]
const WRITE = [{ processToken: ['__audit.write'] }]
const REFUSALS = { 401: 'No valid token for the access log.', 403: 'The token lacks the scope.' }
const READ_REFUSALS = refusals({ 400: 'A parameter is wrong; it is named.', ...REFUSALS })

const optional = (name: string, description: string) => parameter(name, 'query', description, false)
const BEHALF = parameter('x-on-behalf-of', 'header', 'The id of the person who looks; it is written down.', false)
const PAGING = [
  optional('_count', 'Entries a page, at most 100.'),
  optional('_cursor', 'Where the page before ended, as its `next` says.'),
]
const DATE = optional('date', '`ge`, `gt`, `le`, `lt` or nothing, and a day (UTC) or a moment; may be given twice.')
const SHAPE = optional(
  '_shape',
  '`norwegian` (default); `patient`, the same without the numbers of staff and reasons; or `balp` for calls of the FHIR API.',
)
const FHIR_JSON = (description: string) => ({
  description,
  content: { 'application/fhir+json': { schema: { type: 'object' } } },
})

const SEARCH = {
  patient: 'The id of a patient.',
  agent: 'The id of a person.',
  _sort: '`-date` (default) or `date`.',
} as const

/** The access log of the trust: written by its processes, read by those the trust lets read it. Every reading stands in it. */
export const auditPaths: Paths = {
  '/audit/records': {
    post: {
      tags: ['audit'],
      summary: 'Append records of one process, at most 500: all of them, or none',
      security: WRITE,
      requestBody: jsonBody('AuditRecords'),
      responses: {
        200: json('Kept; `known` of them were kept before.', 'AuditAppended'),
        ...refusals({
          400: 'A record is wrong; it is named.',
          ...REFUSALS,
          409: 'Another record has one of these ids.',
          413: 'Over 1 MiB.',
          415: 'Not JSON.',
        }),
      },
    },
  },
  '/audit/AuditEvent': {
    get: {
      tags: ['audit'],
      summary: 'Search the log as FHIR AuditEvents',
      security: READ,
      parameters: [
        ...Object.entries(SEARCH).map(([name, description]) => optional(name, description)),
        DATE,
        SHAPE,
        ...PAGING,
        BEHALF,
      ],
      responses: { 200: FHIR_JSON('A searchset.'), ...READ_REFUSALS },
    },
  },
  '/audit/AuditEvent/_search': {
    post: {
      tags: ['audit'],
      summary: 'The same by form, and by a national id, which no address may hold',
      security: READ,
      parameters: [BEHALF],
      requestBody: formBody(
        {
          'patient.identifier': { type: 'string' },
          ...Object.fromEntries(
            ['patient', 'agent', 'date', '_sort', '_count', '_cursor', '_shape'].map((name) => [
              name,
              { type: 'string' },
            ]),
          ),
        },
        [],
      ),
      responses: { 200: FHIR_JSON('A searchset.'), ...READ_REFUSALS },
    },
  },
  '/audit/AuditEvent/{id}': {
    get: {
      tags: ['audit'],
      summary: 'One event',
      security: READ,
      parameters: [parameter('id', 'path', 'The id of the record.'), SHAPE, BEHALF],
      responses: { 200: FHIR_JSON('The event.'), ...READ_REFUSALS, ...refusals({ 404: 'No such event.' }) },
    },
  },
  '/audit/patient/{patient}': {
    get: {
      tags: ['audit'],
      summary: 'Who has been in this record, newest first, as ids',
      security: READ,
      parameters: [
        parameter('patient', 'path', 'The id of the patient.'),
        optional('for', '`patient` (default) leaves out what is for the eyes of staff only; `staff`.'),
        optional('agent', 'The id of a person.'),
        DATE,
        ...PAGING,
        BEHALF,
      ],
      responses: { 200: json('Entries and where to read on.', 'AuditPage'), ...READ_REFUSALS },
    },
  },
  '/audit/activities': {
    get: {
      tags: ['audit'],
      summary: 'Chosen activities of the whole trust, or everything of one correlation id, newest first, as ids',
      security: READ,
      parameters: [
        optional('activity', 'Names of activities, with commas between them.'),
        optional('correlation', 'A correlation id.'),
        optional('actor', 'The id of a person.'),
        DATE,
        ...PAGING,
        BEHALF,
      ],
      responses: { 200: json('Entries and where to read on.', 'AuditPage'), ...READ_REFUSALS },
    },
  },
}
