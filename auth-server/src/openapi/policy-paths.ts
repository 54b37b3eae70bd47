import { json, parameter, type Paths, refusals } from './parts.ts'

const text = { type: 'string' }
const body = (description: string, required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  required: true,
  description,
  content: { 'application/json': { schema: { type: 'object', required, properties } } },
})
const RULES = {
  type: 'object',
  additionalProperties: { type: ['string', 'null'] },
  description: 'A candidate: rules by id in place of those that serve, null to leave one out.',
}

/** What developers and officers ask about decisions. */
export const explainPaths: Paths = {
  '/explain/{correlation}': {
    get: {
      tags: ['policy'],
      summary: 'Why a request was answered as it was',
      description:
        'To the app whose request it was, by a token of its own (then for the person of the token) or its client secret: what ' +
        'was asked, granted and withheld, by which reason; of requests for data, that they were answered. With `__audit.read` (audience `<issuer>/audit`): also who, about ' +
        'whom, the facts, the rules, and of a click everything its launch came to. Anything else is as unknown as what never was.',
      security: [{ processToken: ['__audit.read'] }],
      parameters: [parameter('correlation', 'path', 'The correlation id of the request, or of the click.')],
      responses: {
        200: json('What was decided, oldest first.'),
        ...refusals({
          401: 'Nothing that says who asks.',
          403: 'The token is not for reading the log.',
          404: 'No request of theirs.',
          429: 'Too many failed attempts.',
        }),
      },
    },
  },
  '/explain/replay': {
    post: {
      tags: ['policy'],
      summary: 'Which of the last decisions another rule book would have made otherwise',
      security: [{ processToken: ['__audit.read'] }],
      requestBody: body('How many decisions, and the rules to try.', ['last'], {
        last: { type: 'integer', minimum: 1, maximum: 1000 },
        rules: RULES,
      }),
      responses: {
        200: json('The answers that would change.'),
        ...refusals({
          400: 'The candidate is no rule book.',
          401: 'No valid token.',
          403: 'The token is not for reading the log.',
          503: 'Another rule book is being asked.',
        }),
      },
    },
  },
  '/pdp/what-if': {
    post: {
      tags: ['policy'],
      summary: 'What would be decided for this person, role, app, patient, purpose and time',
      description:
        'By the rule book that serves and, where one is sent, by a candidate beside it. Scope `__pdp.search`.',
      security: [{ processToken: ['__pdp.search'] }],
      requestBody: body('The case.', ['user', 'client_id'], {
        user: text,
        role: text,
        client_id: text,
        patient: { type: ['string', 'null'] },
        purpose: text,
        decision: text,
        acr: { type: 'integer', minimum: 0, maximum: 4 },
        at: { type: 'string', format: 'date-time' },
        scope: { type: 'string', description: 'Absent: everything the app is registered for.' },
        labels: { type: 'array', items: text, description: 'Of the things that would be read: `system|code`.' },
        rules: RULES,
      }),
      responses: {
        200: json('The facts, and the answers of each book.'),
        ...refusals({
          400: 'The case cannot be.',
          401: 'No valid token.',
          403: 'The client may not search.',
          503: 'The host does not say what it knows, or another rule book is being asked.',
        }),
      },
    },
  },
  '/pdp/rules': {
    get: {
      tags: ['policy'],
      summary: 'The rule book that serves',
      security: [{ processToken: ['__pdp.search'] }],
      responses: {
        200: json('Its version, and the text of each rule by id.'),
        ...refusals({ 401: 'No valid token.', 403: 'The client may not search.', 503: 'Another book is being asked.' }),
      },
    },
  },
}

const decision = json('A decision: `decision`, and reason, rules and obligations in `context`.')
const asked = { security: [{ processToken: ['__pdp.evaluate'] }] }
const pdpRefusals = {
  400: json('A JSON string that names the member.'),
  401: json('A JSON string: no valid token.'),
  403: json('A JSON string: not for this client to ask.'),
  413: json('A JSON string: more than 500 evaluations or 256 kB.'),
}

/** The decision point over HTTP: AuthZEN Authorization API 1.0. */
export const pdpPaths: Paths = {
  '/pdp/access/v1/evaluation': {
    post: {
      tags: ['policy'],
      summary: 'May this subject do this with this resource?',
      description: 'AuthZEN 1.0, Access Evaluation. Audience `<issuer>/pdp`. A deny is 200; `X-Request-ID` comes back.',
      ...asked,
      requestBody: body('One evaluation.', ['subject', 'action', 'resource'], {}),
      responses: { 200: decision, ...pdpRefusals },
    },
  },
  '/pdp/access/v1/evaluations': {
    post: {
      tags: ['policy'],
      summary: 'Many evaluations at once',
      description: 'AuthZEN 1.0, Access Evaluations, with all three semantics; members at the top are whole defaults.',
      ...asked,
      requestBody: body('Defaults, and the evaluations.', [], { evaluations: { type: 'array', maxItems: 500 } }),
      responses: { 200: json('`evaluations`, in the order they were asked in.'), ...pdpRefusals },
    },
  },
  '/pdp/access/v1/search/{what}': {
    post: {
      tags: ['policy'],
      summary: 'What may be done here, which apps may be opened, which patients read',
      description:
        'AuthZEN 1.0, Action Search (`action`) and Resource Search (`resource`, of types `app` and `patient`).',
      security: [{ processToken: ['__pdp.search'] }],
      parameters: [parameter('what', 'path', '`action` or `resource`.')],
      requestBody: body('The question without what is looked for.', ['subject'], {}),
      responses: { 200: json('`results`, all on one page.'), ...pdpRefusals, 404: json('There is no such search.') },
    },
  },
}

/** Stands at the root of the port: the well-known segment goes between host and path. */
export const metadataPaths: Paths = {
  '/.well-known/authzen-configuration/{orgnr}/pdp': {
    get: {
      tags: ['discovery'],
      summary: 'Where the decision point of a trust answers',
      parameters: [parameter('orgnr', 'path', 'Organisation number of the trust.')],
      responses: { 200: json('AuthZEN 1.0, Policy Decision Point Metadata.'), ...refusals({ 404: 'No such trust.' }) },
    },
  },
}
