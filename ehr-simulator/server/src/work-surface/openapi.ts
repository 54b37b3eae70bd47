const json = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
) => ({
  required: true,
  content: { 'application/json': { schema: { type: 'object', additionalProperties: false, required, properties } } },
})
const TEXT = { type: 'string' } as const
const refused = { $ref: '#/components/responses/Refused' } as const
const answered = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
})
const session = [{ session: [] }] as const

/** Every operation behind the work surface, keyed by its path below the trust. */
export function workSurfacePaths(): Readonly<Record<string, unknown>> {
  return {
    '/api/trust': {
      get: {
        summary: 'Which trust this is',
        security: [],
        responses: { 200: answered('Name and world of the trust') },
      },
    },
    '/api/session': {
      get: {
        summary: 'Who is signed in, as which role, and the apps on offer',
        security: session,
        responses: { 200: answered('The session'), 401: refused },
      },
      post: {
        summary: 'Sign in as a person; also takes a plain form and then answers 303',
        security: [],
        requestBody: json({ username: TEXT, password: TEXT }),
        responses: { 201: answered('The session; sets its cookie'), 401: refused, 403: refused, 429: refused },
      },
    },
    '/api/session/role': {
      post: {
        summary: 'Choose the active role; ends what was launched in the former one',
        security: session,
        requestBody: json({ role: TEXT }),
        responses: { 200: answered('The session'), 401: refused, 403: refused },
      },
    },
    '/api/session/end': {
      post: {
        summary: 'Sign out; ends every launch of the session',
        security: session,
        requestBody: json({}),
        responses: { 204: { description: 'Signed out' } },
      },
    },
    '/api/unit': {
      get: {
        summary: "The patients in the care of the active role's units",
        security: session,
        responses: { 200: answered('The list'), 401: refused, 403: refused },
      },
    },
    '/api/patients/search': {
      post: {
        summary: 'Search among those patients by name, number, birth date or room',
        security: session,
        requestBody: json({ text: TEXT }),
        responses: { 200: answered('The list, narrowed'), 401: refused, 403: refused },
      },
    },
    '/api/patients/{id}': {
      get: {
        summary: 'The chart of one of those patients',
        security: session,
        parameters: [{ name: 'id', in: 'path', required: true, schema: TEXT }],
        responses: { 200: answered('The chart'), 401: refused, 403: refused },
      },
    },
    '/api/patients/find': {
      post: {
        summary: 'Who somebody is, among all patients of the trust; three letters or digits at least',
        security: session,
        requestBody: json({ text: TEXT }),
        responses: {
          200: answered('At most twenty people, and to whom there is a relation'),
          400: refused,
          401: refused,
        },
      },
    },
    '/api/patients/{id}/access': {
      get: {
        summary: 'The grounds for access that the active role may choose itself',
        security: session,
        parameters: [{ name: 'id', in: 'path', required: true, schema: TEXT }],
        responses: { 200: answered('Who the patient is, and `grounds`'), 401: refused, 403: refused },
      },
    },
    '/api/patients/{id}/blocked': {
      get: {
        summary: 'What the patient has blocked and this person could open: kind and date alone',
        security: session,
        parameters: [{ name: 'id', in: 'path', required: true, schema: TEXT }],
        responses: { 200: answered('`items`; none for whoever could open nothing'), 401: refused, 403: refused },
      },
    },
    '/api/access': {
      post: {
        summary: 'Give oneself access on a ground, with a reason the patient will read',
        security: session,
        requestBody: json({ patient: TEXT, ground: TEXT, reason: TEXT }),
        responses: { 201: answered('The decision and when it ends'), 400: refused, 401: refused, 403: refused },
      },
    },
    '/api/access/renew': {
      post: {
        summary: 'Prolong such an access once, where its ground allows that',
        security: session,
        requestBody: json({ decision: TEXT, reason: TEXT }),
        responses: { 200: answered('The decision and when it ends now'), 400: refused, 401: refused, 403: refused },
      },
    },
    '/api/access/end': {
      post: {
        summary: 'Give such an access back, or close what was opened of blocked information',
        security: session,
        requestBody: json({ decision: TEXT }),
        responses: { 204: { description: 'It is over' }, 401: refused, 403: refused },
      },
    },
    '/api/glass': {
      post: {
        summary: 'Open named blocked items for a quarter of an hour: physicians, assurance level 4, signing in anew',
        security: session,
        requestBody: json({
          patient: TEXT,
          items: { type: 'array', items: TEXT, maxItems: 50 },
          reason: TEXT,
          confirmed: { type: 'boolean' },
          password: TEXT,
        }),
        responses: {
          201: answered('The decision and when it ends'),
          400: refused,
          401: refused,
          403: refused,
          429: refused,
        },
      },
    },
    '/api/control': {
      get: {
        summary: 'What the unit’s people gave themselves access to; for the leader of the unit',
        security: session,
        responses: { 200: answered('`unit` and `entries`, the newest first'), 401: refused, 403: refused },
      },
    },
    '/api/control/review': {
      post: {
        summary: 'Write down, once, what the leader made of one of them',
        security: session,
        requestBody: json({ decision: TEXT, outcome: { enum: ['accepted', 'questioned'] }, note: TEXT }),
        responses: { 204: { description: 'Reviewed' }, 400: refused, 401: refused, 403: refused },
      },
    },
    '/api/launches': {
      post: {
        summary: 'Offer the launch of an app; the start address is for the session’s own browser, once',
        security: session,
        requestBody: json(
          {
            app: TEXT,
            workspace: TEXT,
            patient: TEXT,
            encounter: TEXT,
            study: TEXT,
            task: TEXT,
            own_window: { type: 'boolean' },
          },
          ['app', 'workspace'],
        ),
        responses: {
          201: answered('`launch`, `start_url`, `expires_at`'),
          401: refused,
          403: refused,
          502: refused,
          503: refused,
        },
      },
    },
    '/api/launches/end': {
      post: {
        summary: 'End the launches of one `workspace`, whose `patient` was left, or one `launch`',
        security: session,
        requestBody: json({ workspace: TEXT, launch: TEXT, patient: TEXT, switched: { type: 'boolean' } }, []),
        responses: { 204: { description: 'Nothing of it goes on' }, 401: refused },
      },
    },
    '/style/{file}': {
      get: {
        summary: "The host's look for apps (`smart_style_url`)",
        security: [],
        parameters: [{ name: 'file', in: 'path', required: true, schema: TEXT }],
        responses: { 200: answered('SMART style; never changes under its name'), 404: refused },
      },
    },
  }
}
