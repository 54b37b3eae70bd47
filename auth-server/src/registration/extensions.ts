import { type Client, isSmartLevel, SMART_LEVELS } from '#src/clients/client.ts'
import type { World } from './address.ts'
import { fault, type MetadataFault } from './fault.ts'

/** What a registration says beyond RFC 7591: documented members of our own. */
export type Extensions = Required<Pick<Client, 'accessTokenFormat' | 'smartLevel'>>

/**
 * Reads `access_token_format` and `smart_level`.
 *
 * SMART 1.0 goes without PKCE, so outside the demo world it is the trust, and not an app, that says so of an app (SAL-75).
 */
export function readExtensions(
  { access_token_format: format = 'jwt', smart_level: level = '2.2' }: Readonly<Record<string, unknown>>,
  world: World,
): Extensions | MetadataFault {
  if (format !== 'jwt' && format !== 'opaque') return fault('`access_token_format` must be jwt or opaque')
  if (!isSmartLevel(level)) return fault(`\`smart_level\` must be one of ${SMART_LEVELS.join(', ')}`)
  if (level === '1.0' && world === 'production') return fault('`smart_level` 1.0 is given by the trust alone')
  return { accessTokenFormat: format, smartLevel: level }
}
