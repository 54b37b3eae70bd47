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
        summary: 'End the launches of one `workspace`, or one `launch`',
        security: session,
        requestBody: json({ workspace: TEXT, launch: TEXT }, []),
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
