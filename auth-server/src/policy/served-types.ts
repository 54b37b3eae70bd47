import { TYPE_NAMES } from '@uthopp/smart-core/scope/type-names'

/** What a wildcard is asked about: the types that people here meet. What is beyond them is lost with the first letter that falls. */
export const SERVED_TYPES: readonly string[] = Object.keys(TYPE_NAMES)
