/** The shapes of our own formats. Unknown members are refused where `additionalProperties` is false. */
const text = (description: string) => ({ type: 'string', description }) as const
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const

export const schemas = {
  Refusal: {
    type: 'object',
    required: ['error', 'error_description', 'correlation_id'],
    properties: {
      error: text('A registered error code.'),
      error_description: text('One sentence. Names the member that is wrong.'),
      correlation_id: text('Quote this when reporting a problem.'),
    },
  },
  LaunchOffer: {
    type: 'object',
    additionalProperties: false,
    required: ['client_id', 'user', 'session'],
    properties: {
      client_id: text('The app.'),
      user: text('Practitioner id of the person who clicked.'),
      role: text('PractitionerRole id; may be left out when the person has one role.'),
      patient: text('Patient id.'),
      encounter: text('Encounter id; needs `patient`.'),
      fhirContext: { type: 'array', items: { type: 'object' }, description: 'SMART App Launch 2.2.0, fhirContext.' },
      intent: text('What the app is opened for.'),
      appContext: {
        ...text('What the task that asks for the app has for it; passed on unread in the token response.'),
        maxLength: 4096,
      },
      need_patient_banner: { type: 'boolean', default: true },
      smart_style_url: text('Address of the host’s style document.'),
      decision: text('The host’s id of the decision the person acts under.'),
      purpose: text('Purpose of use.'),
      acr: { type: 'integer', minimum: 0, maximum: 4, default: 0, description: 'The host’s word about this sign-in.' },
      session: text('The host’s sign-in; its end ends the launch.'),
      workspace: text('The work-surface tab; a patient switch there ends the launch.'),
      launch_uri: text('One of the app’s registered launch addresses, when it registered several.'),
      bound: { type: 'boolean', default: true, description: 'False only for hosts registered with unbound launches.' },
    },
  },
  OfferedLaunch: {
    type: 'object',
    required: ['launch', 'expires_at'],
    properties: {
      launch: text('The opaque handle. Worthless without the proof cookie, unless the launch is unbound.'),
      start_url: text('Bound launches: submit a form to it in the frame or window the app opens in. Spent once.'),
      launch_url: text('Unbound launches: the app’s launch address with `iss` and `launch`.'),
      expires_at: { type: 'string', format: 'date-time', description: 'When the address given must have been used.' },
    },
  },
  EndScope: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    properties: {
      session: text('Every launch of this sign-in.'),
      workspace: text('Every launch of this tab.'),
      launch: text('One launch, by its handle.'),
    },
  },
  Apps: {
    type: 'object',
    required: ['apps'],
    properties: {
      apps: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            client_id: text('The app.'),
            client_name: text('What people call it.'),
            launch_uris: texts('Where it is launched.'),
            redirect_uris: texts('Where it is answered.'),
            scope: text('What it is registered for.'),
            demo_approved: {
              type: 'boolean',
              description: 'Approved by registering in the demo world, not by a person.',
            },
            client_id_issued_at: {
              type: 'integer',
              description: 'RFC 7591 §3.2.1; only of apps that registered themselves.',
            },
          },
        },
      },
    },
  },
  ClientMetadata: {
    type: 'object',
    description: 'RFC 7591 client metadata plus `launch_uris`. Unknown members are ignored.',
    required: ['redirect_uris'],
    properties: {
      client_name: text('Plain text of at most 200 characters.'),
      redirect_uris: texts('https, or http on this machine; no fragment, no user part.'),
      launch_uris: texts('The same rules.'),
      scope: text('Space-separated SMART scopes.'),
      grant_types: texts('`authorization_code`, `refresh_token`; or `client_credentials` alone for a backend service.'),
      token_endpoint_auth_method: {
        enum: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        default: 'client_secret_basic',
      },
      jwks: { type: 'object' },
      jwks_uri: text(
        'Fetched without redirects, never from private addresses; from this machine in the demo world alone.',
      ),
      id_token_signed_response_alg: { enum: ['RS256', 'ES256'], default: 'RS256' },
      access_token_format: {
        enum: ['jwt', 'opaque'],
        default: 'jwt',
        description: 'A member of our own. An opaque token is read by introspection alone.',
      },
      smart_level: {
        enum: ['1.0', '2.0', '2.2'],
        default: '2.2',
        description:
          'A member of our own. `1.0` goes without PKCE; with it and `2.0`, `fhirContext` is a list of references. Outside the demo world `1.0` is given by the trust alone.',
      },
    },
  },
  AuditRecords: {
    type: 'object',
    additionalProperties: false,
    required: ['records'],
    properties: {
      records: {
        type: 'array',
        minItems: 1,
        maxItems: 500,
        items: { type: 'object', description: 'A record in its strict wire form: ids and codes, never a name.' },
      },
    },
  },
  AuditAppended: {
    type: 'object',
    required: ['stored', 'known'],
    properties: { stored: { type: 'integer' }, known: { type: 'integer' } },
  },
  AuditPage: {
    type: 'object',
    required: ['entries', 'next'],
    properties: {
      entries: { type: 'array', items: { type: 'object' } },
      next: { type: ['string', 'null'], description: 'The `_cursor` of the next page.' },
    },
  },
  TokenResponse: {
    type: 'object',
    required: ['access_token', 'token_type', 'expires_in', 'scope'],
    properties: {
      access_token: text('JWT (RFC 9068), ES256, or opaque where the client registered so; bound to the FHIR base.'),
      token_type: { const: 'Bearer' },
      expires_in: { type: 'integer' },
      scope: text('What was granted; may be less than was asked.'),
      refresh_token: text('Rotates at every use.'),
      id_token: text('With `fhirUser`.'),
      patient: text('Launch patient.'),
      encounter: text('Launch encounter.'),
      fhirContext: { type: 'array', items: { type: ['object', 'string'] } },
      need_patient_banner: { type: 'boolean' },
      intent: text('What the app was opened for.'),
      appContext: text('What the task that asked for the app has for it.'),
      tenant: text('Organisation number of the trust.'),
      smart_style_url: text('The host’s style document.'),
    },
  },
} as const
