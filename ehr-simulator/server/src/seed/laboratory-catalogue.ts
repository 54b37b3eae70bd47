import type { CodeableConcept } from '@medplum/fhirtypes'
import { concept, loinc, volven } from './codings.ts'

/** One analysis of the laboratory. Limits beyond which the ward is called are `critical…`. */
export type Analysis = {
  readonly code: CodeableConcept
  readonly unit: string
  readonly ucum: string
  readonly decimals: number
  readonly low?: number
  readonly high?: number
  readonly criticalLow?: number
  readonly criticalHigh?: number
}

const analysis = (
  name: string,
  nlk: string | null,
  loincCode: string,
  display: string,
  rest: Omit<Analysis, 'code'>,
): Analysis => ({
  // NLK is Volven 7280; only codes named in norway.md §7.4 are used, the rest carry LOINC alone.
  code: concept(name, ...(nlk === null ? [] : [volven(7280, nlk, name)]), loinc(loincCode, display)),
  ...rest,
})

const unit = (text: string, decimals: number, low?: number, high?: number, ucum = text): Omit<Analysis, 'code'> => ({
  unit: text,
  ucum,
  decimals,
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
})

export const analyses = {
  hemoglobin: analysis('Hemoglobin', 'NPU28309', '718-7', 'Hemoglobin', {
    ...unit('g/dL', 1, 11.7, 15.3),
    criticalLow: 7,
  }),
  crp: analysis('CRP', 'NPU19748', '1988-5', 'C reactive protein', unit('mg/L', 0, undefined, 5)),
  potassium: analysis('Kalium', 'NPU03230', '2823-3', 'Potassium', {
    ...unit('mmol/L', 1, 3.6, 4.6),
    criticalLow: 2.5,
    criticalHigh: 5.8,
  }),
  sodium: analysis('Natrium', 'NPU03429', '2951-2', 'Sodium', { ...unit('mmol/L', 0, 137, 145), criticalLow: 120 }),
  creatinine: analysis('Kreatinin', 'NPU18016', '14682-9', 'Creatinine', unit('µmol/L', 0, 60, 105, 'umol/L')),
  leukocytes: analysis('Leukocytter', 'NPU02593', '6690-2', 'Leukocytes', unit('10⁹/L', 1, 3.5, 10, '10*9/L')),
  platelets: analysis('Trombocytter', 'NPU03568', '777-3', 'Platelets', unit('10⁹/L', 0, 145, 390, '10*9/L')),
  albumin: analysis('Albumin', 'NPU19673', '1751-7', 'Albumin', unit('g/L', 0, 36, 48)),
  alat: analysis('ALAT', 'NPU19651', '1742-6', 'Alanine aminotransferase', unit('U/L', 0, 10, 45)),
  hba1c: analysis('HbA1c', 'NPU27300', '59261-8', 'Hemoglobin A1c/Hemoglobin.total', unit('mmol/mol', 0, 20, 42)),
  inr: analysis('INR', 'NPU01685', '6301-6', 'INR', unit('INR', 1, 0.9, 1.2, '{INR}')),
  tsh: analysis('TSH', 'NPU03577', '11580-8', 'Thyrotropin', unit('mU/L', 2, 0.2, 4, 'm[IU]/L')),
  cea: analysis('CEA', null, '2039-6', 'Carcinoembryonic Ag', unit('µg/L', 1, undefined, 5, 'ug/L')),
  glucose: analysis('Glukose', null, '15074-8', 'Glucose', {
    ...unit('mmol/L', 1, 4, 6),
    criticalLow: 2.5,
    criticalHigh: 25,
  }),
  ferritin: analysis('Ferritin', null, '2276-4', 'Ferritin', unit('µg/L', 0, 15, 160, 'ug/L')),
  troponinT: analysis('Troponin T', null, '67151-1', 'Troponin T.cardiac', {
    ...unit('ng/L', 0, undefined, 14),
    criticalHigh: 500,
  }),
  dDimer: analysis('D-dimer', null, '48065-7', 'Fibrin D-dimer FEU', unit('mg/L FEU', 1, undefined, 0.5, 'mg/L{FEU}')),
  lactate: analysis('Laktat', null, '2524-7', 'Lactate', { ...unit('mmol/L', 1, 0.5, 2.2), criticalHigh: 4 }),
  vitaminD: analysis('25-OH vitamin D', null, '62292-8', '25-hydroxyvitamin D2+D3', unit('nmol/L', 0, 50, 125)),
  bilirubin: analysis('Bilirubin', null, '14631-6', 'Bilirubin.total', unit('µmol/L', 0, 5, 25, 'umol/L')),
  tryptase: analysis('Tryptase', null, '21582-2', 'Tryptase', unit('µg/L', 1, undefined, 11.4, 'ug/L')),
} as const satisfies Readonly<Record<string, Analysis>>

export type AnalysisName = keyof typeof analyses

/** Men have a higher haemoglobin. */
export const HEMOGLOBIN_OF_MEN = { low: 13.4, high: 17 }
