/** The two registered codes of RFC 7591 §3.2.2 that a metadata problem can have. */
export type MetadataFault = {
  readonly kind: 'fault'
  readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata'
  readonly reason: string
}

export const fault = (reason: string, code: MetadataFault['code'] = 'invalid_client_metadata'): MetadataFault => ({
  kind: 'fault',
  code,
  reason,
})

/** Tells a fault from what was read. */
export const isFault = (value: unknown): value is MetadataFault =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'fault'
