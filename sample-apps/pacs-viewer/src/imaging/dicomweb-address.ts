import { textAt } from '../smart/json.ts'

/**
 * The DICOMweb root an R4 Endpoint names, without trailing slash; undefined when the token must not go there.
 *
 * The access token is for the server that issued the launch. It is sent along to images at the same origin only, so that
 * an Endpoint pointing elsewhere cannot collect tokens (RFC 6750 §5.3).
 */
export function dicomwebAddress(endpoint: unknown, fhirBase: string): string | undefined {
  const address = textAt(endpoint, 'address')
  const active = (textAt(endpoint, 'status') ?? 'active') === 'active'
  const kind = textAt(endpoint, 'connectionType', 'code')
  const speaksWado = kind === undefined || kind.startsWith('dicom-')
  if (!address || !active || !speaksWado || !URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.origin !== new URL(fhirBase).origin || url.username !== '' || url.search !== '') return undefined
  return url.href.replace(/\/$/, '')
}
