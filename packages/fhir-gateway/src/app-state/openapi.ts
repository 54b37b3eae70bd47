/** The door behind which apps keep state of their own (SMART App Launch 2.2.0, "Persisting App State"). */
export function statePaths(orgnr: object): object {
  const id = parameter('path', 'id', 'Id the server gave the state')
  const ifMatch = parameter('header', 'If-Match', 'The version this is about, as `ETag` told it')
  return {
    '/{orgnr}/app-state/Basic': {
      parameters: [orgnr],
      get: operation('The state of a code, about one subject or about none', { 200: 'A Bundle of one or none' }, [
        parameter('query', 'code', 'One `system|code`, named by a scope of the token'),
        { ...parameter('query', 'subject', 'Absolute reference'), required: false },
        { ...parameter('query', 'subject:missing', '`true`, in place of `subject`'), required: false },
      ]),
      post: {
        ...operation('Keep a state that is not kept yet', {
          201: 'Kept; `ETag` and `Location` tell where',
          409: 'There is one with this code and subject',
          ...BODY_REFUSALS,
        }),
        requestBody: BODY,
      },
    },
    '/{orgnr}/app-state/Basic/{id}': {
      parameters: [orgnr, id],
      put: {
        ...operation('Replace one version of a state', { 200: 'Replaced', 412: CONFLICT, ...BODY_REFUSALS }, [ifMatch]),
        requestBody: BODY,
      },
      delete: operation('Forget one version of a state', { 204: 'Forgotten', 412: CONFLICT }, [ifMatch]),
    },
  }
}

const FHIR_JSON = 'application/fhir+json'
const BODY = {
  required: true,
  description: 'A Basic resource of at most 256 kB: one `code.coding`, `subject` or none, `valueString` extensions',
  content: { [FHIR_JSON]: { schema: { type: 'object' } }, 'application/json': { schema: { type: 'object' } } },
}
const CONFLICT = 'Not this version, this code and this subject; deleted and unknown states answer the same'
const BODY_REFUSALS = {
  400: 'Not a Basic resource, or an `id` that is not the one here',
  413: 'Larger than 256 kB',
  415: 'Not JSON',
  422: 'Members that are not kept, or no subject of this FHIR base',
}
const REFUSALS = {
  401: 'No valid token, or a revoked one',
  403: 'No scope names this code for this subject, or not offered',
  503: 'Whether the token was revoked cannot be known now; `Retry-After` says when to ask again',
}

function parameter(place: 'path' | 'query' | 'header', name: string, description: string): object {
  return { name, in: place, required: true, description, schema: { type: 'string' } }
}

function operation(summary: string, answers: Readonly<Record<number, string>>, parameters: readonly object[] = []) {
  const responses = Object.entries({ ...answers, ...REFUSALS }).map(([status, description]) => [
    status,
    status === '204' ? { description } : { description, content: { [FHIR_JSON]: { schema: { type: 'object' } } } },
  ])
  return { summary, parameters, security: [{ accessToken: [] }], responses: Object.fromEntries(responses) as object }
}
