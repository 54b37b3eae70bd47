/** SMART App Launch 2.2.0: `aud` names the FHIR base. One trailing slash is forgiven and nothing else (SAL-55). */
export const isFhirBase = (asked: string, fhirBase: string): boolean => asked === fhirBase || asked === `${fhirBase}/`
