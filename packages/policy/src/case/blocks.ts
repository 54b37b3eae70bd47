import type { Block } from '#src/facts.ts'
import type { AskedResource } from '#src/question.ts'

/** Who would read. A backend service is no employee and has no profession. */
export type Reader = { readonly user: string | null; readonly profession: string | null }

/**
 * True when one of the patient's blocks stands between this reader and this item.
 *
 * Who the patient is stays visible under a blocked record and unit, or a patient in the bed would not exist; a named
 * employee and a blocked profession do not see even that.
 */
export function isBlocked(blocks: readonly Block[], reader: Reader, resource: AskedResource): boolean {
  const demographics = resource.type === 'Patient'
  const item = resource.id === null ? null : `${resource.type}/${resource.id}`
  return blocks.some(({ kind, target }) => {
    switch (kind) {
      case 'record':
        return !demographics
      case 'document':
        return item === target
      case 'unit':
        // Whose data this is must be known to know that it is not the blocked unit's.
        return item !== null && !demographics && (resource.units.length === 0 || resource.units.includes(target))
      case 'employee':
        return reader.user === target
      case 'profession':
        return reader.profession === target
      default:
        return kind satisfies never
    }
  })
}
