import { formBody, json, jsonBody, page, parameter, type Paths, redirect, refusals } from './parts.ts'

const text = { type: 'string' }

const REQUEST: readonly (readonly [name: string, description: string, required: boolean])[] = [
  ['response_type', '`code`', true],
  ['client_id', 'The app.', true],
  ['redirect_uri', 'Exactly one that is registered.', true],
  ['scope', 'Space-separated.', true],
  ['state', 'Echoed unchanged.', true],
  ['aud', 'The FHIR base of this trust, with or without one trailing slash.', true],
  ['launch', 'The handle the app was launched with; without it the launch is standalone.', false],
  ['code_challenge', 'PKCE; only clients of SMART 1.0 may go without.', false],
  ['code_challenge_method', '`S256`, wherever there is a challenge.', false],
  ['nonce', 'Goes into the ID token.', false],
  [
    'max_age',
    'Standalone: how many seconds old the sign-in may be; the ID token then has `auth_time`. With `launch`: `login_required`, because the person signed in at the host.',
    false,
  ],
]

const AUTHORIZE = {
  tags: ['app'],
  responses: {
    303: redirect(
      'To `redirect_uri` with `code`, or with `error` and `error_description`; standalone, to the page that asks the person.',
    ),
    400: page('No safe address to answer at.'),
    403: page('A prefetch.'),
  },
}

const TOO_MANY = 'Too many failures of this client from this address; `Retry-After` says when to try again.'

const MANAGED = [
  parameter('client', 'path', 'The client id.'),
  parameter('authorization', 'header', '`Bearer <registration_access_token>`'),
]
const NOT_MANAGED = refusals({ 401: 'Not the registration access token of this client.' })

const PREFLIGHT = { tags: ['browser'], summary: 'CORS preflight', responses: { 204: { description: 'Allowed.' } } }

const discovery = (summary: string) => ({ get: { tags: ['discovery'], summary, responses: { 200: json(summary) } } })

/** What apps use: OAuth 2.0, OpenID Connect, SMART App Launch 2.2.0 and RFC 7591. */
export const oauthPaths: Paths = {
  '/auth': {
    get: {
      summary: 'Authorization request',
      ...AUTHORIZE,
      parameters: REQUEST.map(([name, description, required]) => parameter(name, 'query', description, required)),
    },
    post: {
      summary: 'Authorization request as a form',
      ...AUTHORIZE,
      responses: { ...AUTHORIZE.responses, ...refusals({ 413: 'Over 64 kB.' }) },
      requestBody: formBody(
        Object.fromEntries(REQUEST.map(([name, description]) => [name, { ...text, description }])),
        REQUEST.filter(([, , required]) => required).map(([name]) => name),
      ),
    },
  },
  '/token': {
    post: {
      tags: ['app', 'host'],
      summary: 'Code, refresh token or host assertion for an access token',
      requestBody: formBody(
        {
          grant_type: { enum: ['authorization_code', 'refresh_token', 'client_credentials'] },
          code: text,
          redirect_uri: text,
          code_verifier: text,
          refresh_token: text,
          scope: text,
          client_id: { ...text, description: 'Public apps; may be left out when refreshing.' },
          client_assertion_type: text,
          client_assertion: {
            ...text,
            description: 'RFC 7523; RS384, ES384 or ES256; at most five minutes; used once.',
          },
        },
        ['grant_type'],
      ),
      responses: {
        200: json('Tokens.', 'TokenResponse'),
        400: json('RFC 6749 §5.2.'),
        401: json('Client authentication failed.'),
        ...refusals({ 413: 'Over 64 kB.', 429: TOO_MANY }),
      },
    },
    options: PREFLIGHT,
  },
  '/introspect': {
    post: {
      tags: ['app'],
      summary: 'Is this token good, and for what (RFC 7662)',
      description:
        'A client may ask about its own tokens: confidential clients authenticate, public ones send the token itself as Bearer. A Bearer with `__introspect` may ask about any. The gateway of the trust, with a token for this address, hears in `grant` also what was decided: launch, kind, user_kind, role, decision, purpose, acr, session, workspace, zone, may_write, attested_at.',
      requestBody: formBody({ token: text, token_type_hint: text }, ['token']),
      responses: {
        200: json('`active`, and the claims and launch context of a live token.'),
        400: json('RFC 6749 §5.2: no token, a parameter twice, or no form.'),
        401: json('Nobody known asks.'),
        ...refusals({ 413: 'Over 64 kB.', 429: TOO_MANY }),
      },
    },
    options: PREFLIGHT,
  },
  '/revoke': {
    post: {
      tags: ['app'],
      summary: 'End a token and its launch’s grant (RFC 7009)',
      requestBody: formBody({ token: text, token_type_hint: text, client_id: text }, ['token']),
      responses: {
        200: { description: 'Ended, or not known.' },
        400: json('RFC 6749 §5.2: no token, a parameter twice, or no form.'),
        401: json('Client authentication failed.'),
        ...refusals({ 413: 'Over 64 kB.', 429: TOO_MANY }),
      },
    },
    options: PREFLIGHT,
  },
  '/register': {
    post: {
      tags: ['app developer'],
      summary: 'Register an app (RFC 7591)',
      description:
        'In the demo world the app is approved at once and marked so; elsewhere an initial access token of the trust is needed as Bearer (RFC 7591 §3), and the trust decided by giving it whether the app is approved and which scopes it can register at most. An app that gets no token is removed after 30 days, or earlier to make room; one that got some, 180 days after the last.',
      requestBody: jsonBody('ClientMetadata'),
      responses: {
        201: json('Registered: what was asked, as far as it was taken, and the client id.', 'ClientMetadata'),
        ...refusals({
          400: '`invalid_redirect_uri` or `invalid_client_metadata`.',
          401: 'Outside the demo world: no initial access token, or one that is unknown, used up or expired.',
          413: 'Over 64 kB.',
          415: 'Not JSON.',
          429: 'Too many registrations; `Retry-After` says when to try again.',
          503: 'The trust is full of apps in use or just registered; `Retry-After` as well.',
        }),
      },
    },
  },
  '/register/{client}': {
    get: {
      tags: ['app developer'],
      summary: 'What is registered (RFC 7592)',
      parameters: MANAGED,
      responses: { 200: json('The registration, without its secret.', 'ClientMetadata'), ...NOT_MANAGED },
    },
    put: {
      tags: ['app developer'],
      summary: 'Register the same app anew (RFC 7592)',
      description:
        'The whole registration with its `client_id`. Grants, tokens and launches of the app end. Outside the demo world the trust’s approval and zone end too where the app takes more than it had: scopes, addresses, grant types, or another way to prove itself, its keys included. An app that publishes its keys at a `jwks_uri` changes them freely.',
      parameters: MANAGED,
      requestBody: jsonBody('ClientMetadata'),
      responses: {
        200: json('As registered now; with `client_secret` where the app had none before.', 'ClientMetadata'),
        ...NOT_MANAGED,
        ...refusals({
          400: '`invalid_redirect_uri` or `invalid_client_metadata`.',
          413: 'Over 64 kB.',
          415: 'Not JSON.',
        }),
      },
    },
    delete: {
      tags: ['app developer'],
      summary: 'Remove the app with its grants, tokens and launches (RFC 7592)',
      parameters: MANAGED,
      responses: { 204: { description: 'Removed.' }, ...NOT_MANAGED },
    },
  },
  '/jwks': {
    ...discovery('The signing keys'),
    options: PREFLIGHT,
  },
  '/.well-known/openid-configuration': {
    ...discovery('OpenID Connect discovery'),
    options: PREFLIGHT,
  },
  '/.well-known/smart-configuration': discovery('SMART configuration, as the gateway serves it under the FHIR base'),
  '/openapi.json': discovery('This document'),
}
