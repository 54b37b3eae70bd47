import { formBody, page, type Paths, redirect } from './parts.ts'

const text = { type: 'string' }

const INTERACTION: Paths[string] = {
  get: {
    tags: ['browser'],
    summary: 'Asks the person of a standalone launch: sign-in, patient, encounter, consent',
    responses: {
      200: page('A form; its fields are `username` and `password`, `patient`, `encounter`, or `scope` and `decision`.'),
      303: redirect('Nothing is left to ask.'),
      400: page('Not this browser, or too late.'),
      503: page('The directory does not answer.'),
    },
  },
  post: {
    tags: ['browser'],
    summary: 'Answers the form',
    requestBody: formBody(
      {
        username: text,
        password: text,
        search: { ...text, description: 'Words of a name, or a date of birth.' },
        patient: text,
        encounter: text,
        scope: { ...text, description: 'Once for each scope that stays ticked.' },
        only: { ...text, description: 'Once for each category that a ticked scope is narrowed to.' },
        decision: { enum: ['allow', 'deny'] },
        action: { enum: ['search', 'switch'] },
        about: { ...text, description: 'Which choices the consent page was made for.' },
      },
      [],
    ),
    responses: {
      200: page('The search answered.'),
      303: redirect('To the next question, or back to the app.'),
      400: page('The form was not understood, or the interaction is over.'),
      403: page('Wrong password, a patient the person cannot see, or a form of another site.'),
      409: page('The choices have changed since the page was made.'),
      413: page('Over 64 kB.'),
      415: page('Not a form.'),
      429: page('Too many attempts; `Retry-After` says when to try again.'),
      503: page('The directory does not answer.'),
    },
  },
}

const MY_APPS: Paths[string] = {
  get: {
    tags: ['browser'],
    summary: 'The management endpoint: apps the person has let in, after signing in',
    responses: { 200: page('The sign-in form or the list.'), 503: page('The directory does not answer.') },
  },
  post: {
    tags: ['browser'],
    summary: 'Signs in or out, or withdraws one app',
    requestBody: formBody(
      {
        username: text,
        password: text,
        withdraw: { ...text, description: 'The client id.' },
        action: { enum: ['sign-out'] },
      },
      [],
    ),
    responses: {
      303: redirect('Back to the page.'),
      400: page('The form was not understood.'),
      403: page('Wrong password, or a form of another site.'),
      413: page('Over 64 kB.'),
      415: page('Not a form.'),
      429: page('Too many attempts.'),
      503: page('The directory does not answer.'),
    },
  },
}

/** What a person of a standalone launch sees, and where they withdraw what they allowed. */
export const interactionPaths: Paths = {
  '/auth/{interaction}': {
    get: {
      tags: ['browser'],
      summary: 'The way back from the interaction pages, in the browser that answered them',
      responses: {
        303: redirect('To `redirect_uri` with `code`, or with `error` and `error_description`.'),
        400: page('Not this browser, or too late.'),
      },
    },
  },
  '/interaction/{interaction}': INTERACTION,
  '/apps': MY_APPS,
}
