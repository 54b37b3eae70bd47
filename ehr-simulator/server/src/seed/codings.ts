import type { CodeableConcept, Coding, Identifier, Quantity } from '@medplum/fhirtypes'

/** Systems of norway.md §4.1 and §4.2 and of HL7. */
const SNOMED = 'http://snomed.info/sct'
const LOINC = 'http://loinc.org'
const UCUM = 'http://unitsofmeasure.org'
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem'
const VOLVEN = 'urn:oid:2.16.578.1.12.4.1.1'
const LOCAL = 'http://uthopp.example/fhir'

export const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1'
export const FHN = 'urn:oid:2.16.578.1.12.4.1.4.3'
export const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4'
export const ENH = 'urn:oid:2.16.578.1.12.4.1.4.101'
export const RSH = 'urn:oid:2.16.578.1.12.4.1.4.102'
export const HER = 'urn:oid:2.16.578.1.12.4.1.2'

export const snomed = (code: string, display: string): Coding => ({ system: SNOMED, code, display })
export const loinc = (code: string, display: string): Coding => ({ system: LOINC, code, display })
export const volven = (codeSystem: number, code: string, display: string): Coding => ({
  system: `${VOLVEN}.${codeSystem}`,
  code,
  display,
})
/** A code of an HL7 terminology.hl7.org system, say `v3-ActCode`. */
export const hl7 = (codeSystem: string, code: string, display?: string): Coding => ({
  system: `${TERMINOLOGY}/${codeSystem}`,
  code,
  ...(display === undefined ? {} : { display }),
})
/** A code of our own where no national or international one is confirmed. */
export const local = (codeSystem: string, code: string, display: string): Coding => ({
  system: `${LOCAL}/CodeSystem/${codeSystem}`,
  code,
  display,
})
export const localCanonical = (type: string, name: string): string => `${LOCAL}/${type}/${name}`
/** An identifier namespace of the trust's own, say of its accession numbers. */
export const localIdentifier = (kind: string, value: string): Identifier => ({
  system: `${LOCAL}/identifier/${kind}`,
  value,
})

export const concept = (text: string, ...coding: readonly Coding[]): CodeableConcept =>
  coding.length === 0 ? { text } : { coding: [...coding], text }

/** ICD-10 in Norway, Volven 7110. */
export const icd10 = (code: string, display: string): Coding => volven(7110, code, display)

export const quantity = (value: number, unit: string, code: string = unit): Quantity => ({
  value,
  unit,
  system: UCUM,
  code,
})
