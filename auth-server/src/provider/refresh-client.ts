import { formOf } from '#src/http/form-of.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { isFhirBase } from './fhir-base.ts'

/**
 * Fills in the `client_id` that fhirclient leaves out when it refreshes for a public app.
 *
 * A token nobody knows has no client either, and is told apart, because its app must hear `invalid_grant` (SAL-186).
 *
 * Only a public client's: the refresh token is then the whole proof either way (RFC 6749 §6), so knowing whose it is adds
 * nothing for a thief. Confidential clients still have to authenticate.
 */
export async function withRefreshClient(
  body: Buffer,
  authorization: string,
  deps: { readonly rows: OidcRows; readonly clients: ClientStore },
): Promise<Buffer | 'unknown-token'> {
  const form = formOf(body)
  const identified = authorization !== '' || form.has('client_id') || form.has('client_assertion')
  const [token, second] = form.getAll('refresh_token')
  if (form.get('grant_type') !== 'refresh_token' || identified || token === undefined || second !== undefined)
    return body
  const row = await deps.rows.find('RefreshToken', token)
  if (row === undefined) return 'unknown-token'
  const clientId = row.payload['clientId']
  const client = typeof clientId === 'string' ? await deps.clients.find(clientId) : undefined
  if (client?.authentication.method !== 'none') return body
  const completed = new URLSearchParams(form.toString())
  completed.set('client_id', client.clientId)
  return Buffer.from(completed.toString())
}

/**
 * A code or refresh token is for the FHIR base and nothing else.
 * Said before the library takes the token, which it would have consumed by the time it looks at `resource`.
 */
export function namesForeignResource(body: Buffer, fhirBase: string): boolean {
  const form = formOf(body)
  const redeems = ['authorization_code', 'refresh_token'].includes(form.get('grant_type') ?? '')
  return redeems && form.getAll('resource').some((resource) => resource !== '' && !isFhirBase(resource, fhirBase))
}
