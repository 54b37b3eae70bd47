import type { TokenResponseFields } from '@uthopp/smart-core/launch/projections'
import type { SmartLevel } from '#src/clients/client.ts'

type OldFields = Omit<TokenResponseFields, 'fhirContext'> & { readonly fhirContext?: readonly string[] }

/**
 * Says the launch context in the words an app was written for.
 *
 * Before 2.1 `fhirContext` was a list of references (SAL-102, SAL-106). What such a list cannot say, a role, a canonical or an
 * identifier, is left out: a reference without its role would mean something else.
 */
export function inWordsOf(level: SmartLevel, fields: TokenResponseFields): TokenResponseFields | OldFields {
  if (level === '2.2' || fields.fhirContext === undefined) return fields
  const { fhirContext, ...others } = fields
  const references = fhirContext.flatMap(({ reference, role }) =>
    reference === undefined || (role !== undefined && role !== 'launch') ? [] : [reference],
  )
  return references.length === 0 ? others : { ...others, fhirContext: references }
}
