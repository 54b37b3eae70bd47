import type { Patient, RelatedPerson, Resource } from '@medplum/fhirtypes'
import { profile, reference } from './chart.ts'
import { concept, FHN, HER, hl7, volven } from './codings.ts'
import type { SeededPatient } from './person.ts'
import { fnrIdentifier } from './staff-resources.ts'
import { OUS } from './units.ts'

const MUNICIPALITIES = 'https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle'

type Home = {
  readonly line: string
  readonly postalCode: string
  readonly city: string
  readonly municipality: string
  readonly code: string
  readonly county: string
}

const oslo = (line: string, postalCode: string): Home => ({
  line,
  postalCode,
  city: 'Oslo',
  municipality: 'Oslo',
  code: '0301',
  county: 'Oslo',
})
const akershus = (line: string, postalCode: string, city: string, municipality: string, code: string): Home => ({
  line,
  postalCode,
  city,
  municipality,
  code,
  county: 'Akershus',
})

const homes: Readonly<Record<string, Home>> = {
  cdp1001: oslo('Testveien 12', '0661'),
  cdp1002: oslo('Prøvestien 4', '0474'),
  cdp1003: oslo('Eksempelgata 31', '0192'),
  cdp1004: oslo('Mønsterveien 7', '0855'),
  cdp1005: oslo('Syntesebakken 2', '1187'),
  cdp1006: oslo('Fiksjonsallé 18', '0275'),
  cdp1007: oslo('Demoplassen 3', '0568'),
  cdp1008: oslo('Ukjentveien 1', '0950'),
  cdp2001: akershus('Testtoppen 5', '2007', 'Kjeller', 'Lillestrøm', '3205'),
  cdp2002: akershus('Prøvefaret 22', '1473', 'Lørenskog', 'Lørenskog', '3222'),
  cdp2003: akershus('Eksempelstubben 9', '1472', 'Fjellhamar', 'Lørenskog', '3222'),
  cdp2004: akershus('Mønsterlia 14', '2004', 'Lillestrøm', 'Lillestrøm', '3205'),
}

function address(home: Home): NonNullable<Patient['address']>[number] {
  const municipality = { system: MUNICIPALITIES, code: home.code, display: home.municipality }
  return {
    use: 'home',
    line: [home.line],
    postalCode: home.postalCode,
    city: home.city,
    district: home.municipality,
    _district: {
      extension: [
        { url: 'http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode', valueCoding: municipality },
      ],
    },
    state: home.county,
    country: 'NO',
    extension: [{ url: 'http://hl7.no/fhir/StructureDefinition/no-basis-address-official', valueBoolean: true }],
  } as NonNullable<Patient['address']>[number] // FHIR JSON keeps extensions of a primitive in `_name`, which the library's types leave out
}

/** The number SOLBERG was treated under before she was identified (norway.md §4.5). */
const HELP_NUMBER = {
  use: 'old' as const,
  type: concept('Felles hjelpenummer', volven(8116, 'FHN', 'Felles hjelpenummer')),
  system: FHN,
  value: '80000001205',
}

function patientResource(person: SeededPatient): Patient {
  const home = homes[person.patient] ?? oslo('Testveien 1', '0001')
  const merged = person.patient === 'cdp1008'
  return {
    resourceType: 'Patient',
    id: person.patient,
    meta: profile('Patient'),
    identifier: [fnrIdentifier(person), ...(merged ? [HELP_NUMBER] : [])],
    active: true,
    name: [{ use: 'official', family: person.family, given: [person.given] }],
    gender: person.gender,
    birthDate: person.birthDate,
    deceasedBoolean: false,
    telecom: [{ system: 'phone', value: `+4768052${person.patient.slice(-3)}`, use: 'mobile' }],
    address: [address(home)],
    generalPractitioner: [
      { identifier: { system: HER, value: `72${person.patient.slice(3)}` }, display: 'Fastlege Test' },
    ],
    managingOrganization: reference(person.trust === OUS ? 'Organization/aks101' : 'Organization/aks201'),
    communication: [{ language: concept('Norsk bokmål', { system: 'urn:ietf:bcp:47', code: 'nb' }), preferred: true }],
    ...(merged
      ? { link: [{ other: { identifier: HELP_NUMBER, display: 'Ukjent kvinne' }, type: 'replaces' as const }] }
      : {}),
  }
}

/** The mother of the minor; parental access is decided by the host's facts, never by this alone. */
const parent: RelatedPerson = {
  resourceType: 'RelatedPerson',
  id: 'rel2002-1',
  meta: profile('RelatedPerson'),
  active: true,
  patient: reference('Patient/cdp2002'),
  relationship: [concept('Mor', hl7('v3-RoleCode', 'MTH', 'mother'))],
  name: [{ use: 'official', family: 'Strand', given: ['Kaja'] }],
  gender: 'female',
  telecom: [{ system: 'phone', value: '+4768052999', use: 'mobile' }],
}

export const patientResourcesOf = (person: SeededPatient): readonly Resource[] =>
  person.patient === 'cdp2002' ? [patientResource(person), parent] : [patientResource(person)]
