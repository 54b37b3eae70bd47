/** Organisation numbers of the two seeded trusts. */
export const OUS = '993467049'
export const AHUS = '983971636'
export type TrustNumber = typeof OUS | typeof AHUS

/** A ward, outpatient clinic or service: what a work surface lists patients by. The id is the Location's. */
export type Unit = {
  readonly unit: string
  readonly name: string
  readonly trust: TrustNumber
  /** Organization id of the department the unit belongs to. */
  readonly department: string
  readonly kind: 'emergency' | 'ward' | 'outpatient' | 'service'
}

const unit = (trust: TrustNumber, id: string, department: string, kind: Unit['kind'], name: string): Unit => ({
  unit: id,
  name,
  trust,
  department,
  kind,
})

export const units: readonly Unit[] = [
  unit(OUS, 'lok101', 'afa101', 'emergency', 'Akuttmottak Ullevål'),
  unit(OUS, 'lok102', 'afa102', 'ward', 'Sengepost 4B, ortopedi'),
  unit(OUS, 'lok103', 'afa103', 'ward', 'Sengepost 5C, gastrokirurgi'),
  unit(OUS, 'lok104', 'afa104', 'outpatient', 'Kreftpoliklinikken'),
  unit(OUS, 'lok105', 'afa105', 'service', 'Radiologi Ullevål'),
  unit(OUS, 'lok106', 'afa106', 'service', 'Klinisk ernæring'),
  unit(OUS, 'lok107', 'afa107', 'service', 'Ambulansetjenesten'),
  unit(OUS, 'lok108', 'afa108', 'service', 'Hovedkjøkkenet Ullevål'),
  unit(AHUS, 'lok201', 'afa201', 'emergency', 'Akuttmottak Nordbyhagen'),
  unit(AHUS, 'lok202', 'afa202', 'ward', 'Medisinsk sengepost S304'),
  unit(AHUS, 'lok203', 'afa203', 'service', 'Bildediagnostisk avdeling Nordbyhagen'),
]

export const unitNamesOf = (orgnr: string): readonly { readonly id: string; readonly name: string }[] =>
  units.filter(({ trust }) => trust === orgnr).map(({ unit: id, name }) => ({ id, name }))
