import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'

/**
 * Brings records of one trust to its repository, in this order; resolves when all of them are kept there, those that already
 * were included.
 *
 * Throws `RecordsRefused` when asking again would be refused again; whatever else it throws is tried again later.
 */
export type Send = (tenant: Tenant, records: readonly AuditRecord[]) => Promise<void>

/** The repository will not take these records as they are, for instance because it holds another one under the same id. */
export class RecordsRefused extends Error {
  override readonly name = 'RecordsRefused'
  readonly code: string

  constructor(code: string, options: { readonly cause?: unknown } = {}) {
    super(`the audit repository refused records: \`${code}\``, options)
    this.code = code
  }
}
