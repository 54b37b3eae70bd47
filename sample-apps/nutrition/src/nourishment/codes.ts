/** LOINC codes for what is measured and eaten, and the local codes where LOINC has none. */
export const CODES = {
  weight: '29463-7',
  height: '8302-2',
  bmi: '39156-5',
  energyIntake: '9052-2',
  proteinIntake: 'protein-intake',
  fluidIntake: '9108-2',
  meal: 'meal',
  energyNeed: 'energy-need',
  proteinNeed: 'protein-need',
  fluidNeed: 'fluid-need',
  nrsTotal: ['75303-8', 'nrs2002'],
  nrsNutrition: 'nrs2002-nutrition',
  nrsDisease: 'nrs2002-disease',
  nrsAge: 'nrs2002-age',
} as const
