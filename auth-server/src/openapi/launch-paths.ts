import { json, jsonBody, page, parameter, type Paths, redirect, refusals } from './parts.ts'

const HOST = [{ hostToken: ['__launch'] }]
const HOST_REFUSALS = { 401: 'No valid token for the launch API.', 403: 'Not a host, or lacks `__launch`.' }
const BODY_REFUSALS = { 400: 'The body is wrong; the member is named.', 413: 'Over 64 kB.', 415: 'Not JSON.' }

const START = {
  tags: ['browser'],
  parameters: [
    parameter('secret', 'path', 'The start secret.'),
    parameter('Origin', 'header', 'A registered origin of the host.', false),
  ],
  responses: {
    303: redirect('To the check hop; plants the proof cookie.'),
    403: page('Not from the host, or a prefetch. Nothing is spent.'),
    405: page('HEAD. Nothing is spent.'),
    410: page('Used, expired or unknown.'),
  },
}

/** The host's back channel, and the two hops of the browser. */
export const launchPaths: Paths = {
  '/launches': {
    post: {
      tags: ['host'],
      summary: 'Offer a launch',
      security: HOST,
      requestBody: jsonBody('LaunchOffer'),
      responses: {
        201: json('Offered.', 'OfferedLaunch'),
        ...refusals({ ...HOST_REFUSALS, ...BODY_REFUSALS, 503: 'The directory does not answer; nothing is kept.' }),
      },
    },
  },
  '/launches/end': {
    post: {
      tags: ['host'],
      summary: 'End launches: handles, grants and all their tokens die',
      security: HOST,
      requestBody: jsonBody('EndScope'),
      responses: { 200: json('How many ended.'), ...refusals({ ...HOST_REFUSALS, ...BODY_REFUSALS }) },
    },
  },
  '/launches/apps': {
    get: {
      tags: ['host'],
      summary: 'The apps this trust has approved',
      security: HOST,
      responses: { 200: json('The apps.', 'Apps'), ...refusals(HOST_REFUSALS) },
    },
  },
  '/start/{secret}': {
    post: { summary: 'Start a launch', ...START },
    get: { summary: 'Start a launch of the developer portal (demo world only)', ...START },
  },
  '/start/{launch}/check': {
    get: {
      tags: ['browser'],
      summary: 'Check that the browser keeps the proof; only then does the handle leave',
      parameters: [parameter('launch', 'path', 'The launch id.')],
      responses: {
        303: redirect('To the app’s launch address with `iss` and `launch`.'),
        403: page('The browser kept no proof; the page tells the host (`uthopp:launch-refused`).'),
        410: page('Checked before, expired or unknown.'),
      },
    },
  },
}
