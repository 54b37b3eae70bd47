import { parseReference } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'

/** True of `Type/id`, which is how items and documents are named. */
export const isReference = (text: string): boolean => !isProblem(parseReference(text))
