import { parameter, type Paths, refusals } from './parts.ts'

/** What other processes of the deployment use: the gateways, and whoever else has to know what died. */
export const processPaths: Paths = {
  '/revocations': {
    get: {
      tags: ['process'],
      summary: 'What died before its access tokens expired',
      description:
        'A line of JSON for each revoked `grant`, `client`, `user`, `launch` or `token`: first those still kept, or those after ' +
        '`after`, then each as it happens. A line of kind `heartbeat` comes every second and promises that everything ' +
        'committed before it stands above it; the first one ends the snapshot. The answer ends when the token expires: ' +
        'ask again with the last sequence. Audience of the token: this address; scope `__revocations`.',
      security: [{ processToken: ['__revocations'] }],
      parameters: [parameter('after', 'query', 'The last sequence that was read.', false)],
      responses: {
        200: {
          description: 'The stream.',
          content: {
            'application/x-ndjson': {
              schema: {
                type: 'object',
                required: ['kind', 'sequence'],
                properties: {
                  kind: { enum: ['grant', 'client', 'user', 'launch', 'token', 'heartbeat'] },
                  sequence: { type: 'string', description: 'Opaque.' },
                  id: { type: 'string', description: 'Of the grant, client, user or launch; the `jti` of a token.' },
                  at: {
                    type: 'string',
                    format: 'date-time',
                    description:
                      'Tokens of a client or user issued until then are dead; those of a grant are, whenever issued.',
                  },
                },
              },
            },
          },
        },
        ...refusals({
          400: '`after` is not a sequence.',
          401: 'No valid token for this stream.',
          403: 'The client is not registered for it.',
          503: 'Too many readers.',
        }),
      },
    },
  },
}
