import type { CodeableConcept } from '@medplum/fhirtypes'
import { concept, hl7, local } from './codings.ts'

/** No standard code is confirmed for most of nutrition (norway.md §7.3), so these are ours. */
export const nutritionConcept = (code: string, display: string): CodeableConcept =>
  concept(display, local('nutrition', code, display))

export const NUTRITION_SURVEY = [concept('Kartlegging', hl7('observation-category', 'survey', 'Survey'))]
