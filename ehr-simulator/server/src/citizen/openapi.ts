const json = (properties: Readonly<Record<string, unknown>>) => ({
  required: true,
  content: {
    'application/json': {
      schema: { type: 'object', additionalProperties: false, required: Object.keys(properties), properties },
    },
  },
})
const TEXT = { type: 'string' } as const
const refused = { $ref: '#/components/responses/Refused' } as const
const answered = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
})
const session = [{ session: [] }] as const
const nothing = (description: string) => ({ 204: { description } })

/** Every operation behind the citizens' pages, keyed by its path below the trust. */
export function citizenPaths(): Readonly<Record<string, unknown>> {
  return {
    '/innbygger/api/trust': {
      get: {
        summary: 'Which trust this is',
        security: [],
        responses: { 200: answered('Name and world of the trust') },
      },
    },
    '/innbygger/api/session': {
      get: {
        summary: 'Which citizen is signed in',
        security: session,
        responses: { 200: answered('The citizen'), 401: refused },
      },
      post: {
        summary: 'Sign in as a citizen; also takes a plain form and then answers 303',
        security: [],
        requestBody: json({ username: TEXT, password: TEXT }),
        responses: { 201: answered('The citizen; sets a cookie'), 401: refused, 403: refused, 429: refused },
      },
    },
    '/innbygger/api/session/end': {
      post: { summary: 'Sign out', security: session, requestBody: json({}), responses: nothing('Signed out') },
    },
    '/innbygger/api/log': {
      get: {
        summary: 'Who has looked into the citizen’s own record; never a national id of staff',
        security: session,
        parameters: [{ name: 'cursor', in: 'query', description: '`older` of the page before', schema: TEXT }],
        responses: {
          200: answered('`looks`, the newest first, and `older`: where the next page begins, or null'),
          400: refused,
          401: refused,
          503: refused,
        },
      },
    },
    '/innbygger/api/blocks': {
      get: {
        summary: 'What the citizen has blocked, and what could be',
        security: session,
        responses: { 200: answered('`blocks` and `choices`'), 401: refused },
      },
      post: {
        summary: 'Block one of the choices',
        security: session,
        requestBody: json({
          kind: { enum: ['record', 'document', 'unit', 'employee', 'profession'] },
          target: TEXT,
        }),
        responses: { ...nothing('Blocked'), 400: refused, 401: refused, 403: refused },
      },
    },
    '/innbygger/api/blocks/lift': {
      post: {
        summary: 'Lift a block',
        security: session,
        requestBody: json({ block: TEXT }),
        responses: { ...nothing('Lifted'), 401: refused, 403: refused },
      },
    },
  }
}
