import { AHUS, OUS, type TrustNumber } from './units.ts'

/** Volven 9060, the professions this seed uses (norway.md §4.3). */
export const professions = {
  LE: 'Lege',
  SP: 'Sykepleier',
  KE: 'Klinisk ernæringsfysiolog',
  AA: 'Ambulansearbeider',
  HE: 'Helsesekretær',
  XX: 'Ukjent/uspesifisert',
} as const
export type Profession = keyof typeof professions

/** What every seeded person has. `fnr` is synthetic: month + 80. */
export type Person = {
  readonly trust: TrustNumber
  readonly family: string
  readonly given: string
  readonly gender: 'female' | 'male'
  readonly birthDate: string
  readonly fnr: string
}

/** A post at one trust. Its id is the PractitionerRole's. */
export type StaffRole = {
  readonly role: string
  readonly name: string
  /** Organization id of the trust (`aks…`) and of the department (`afa…`). */
  readonly organization: string
  readonly department: string
  /** Units whose patients this role has in its care; the first is where the role works. */
  readonly units: readonly [string, ...string[]]
}

/** A person employed by one trust. `user` is the Practitioner id; somebody with posts at two trusts is known to each by its own id. */
export type StaffMember = Person & {
  readonly user: string
  readonly username: string
  readonly profession: Profession
  /** Kitchen staff have no authorisation and hence no number. */
  readonly hpr: string | null
  readonly roles: readonly [StaffRole, ...StaffRole[]]
}

/** One of the twelve. The id is the Patient's. */
export type SeededPatient = Person & {
  readonly patient: string
  /** The encounter of today; earlier ones have the same id with a suffix. */
  readonly encounter: string
  /** Units that have this patient in their care now; the first is where the patient is, or is expected. */
  readonly units: readonly [string, ...string[]]
  /** What the chart tells, for lists of demonstrations. */
  readonly story: string
  /** The sign-in of the patient as a citizen; minors have none. */
  readonly citizenUsername: string | null
}

/** Signs in every seeded person of the demo world; stored hashed by the directory. */
export const DEMO_PASSWORD = 'uthopp-demo'

const role = (id: string, name: string, department: string, ...units: readonly [string, ...string[]]): StaffRole => ({
  role: id,
  name,
  organization: department.startsWith('afa1') ? 'aks101' : 'aks201',
  department,
  units,
})

export const staff: readonly StaffMember[] = [
  {
    ...{ trust: OUS, user: 'stf101', username: 'nordmann', family: 'Nordmann', given: 'Eva', gender: 'female' },
    ...{ birthDate: '1979-05-04', fnr: '04857949078', profession: 'LE', hpr: '999000101' },
    roles: [role('agb101', 'Lege, akuttmottak', 'afa101', 'lok101')],
  },
  {
    ...{ trust: OUS, user: 'stf102', username: 'fjell', family: 'Fjell', given: 'Jon', gender: 'male' },
    ...{ birthDate: '1985-01-09', fnr: '09818549552', profession: 'SP', hpr: '999000202' },
    roles: [
      role('agb102', 'Sykepleier, sengepost 4B', 'afa102', 'lok102'),
      role('agb112', 'Sykepleier, akuttmottak', 'afa101', 'lok101'),
    ],
  },
  {
    ...{ trust: OUS, user: 'stf103', username: 'lund', family: 'Lund', given: 'Sara', gender: 'female' },
    ...{ birthDate: '1991-10-17', fnr: '17909149487', profession: 'KE', hpr: '999000303' },
    roles: [role('agb103', 'Klinisk ernæringsfysiolog', 'afa106', 'lok106')],
  },
  {
    ...{ trust: OUS, user: 'stf104', username: 'bakke', family: 'Bakke', given: 'Tor', gender: 'male' },
    ...{ birthDate: '1970-02-22', fnr: '22827049356', profession: 'LE', hpr: '999000404' },
    roles: [role('agb104', 'Radiolog, Ullevål', 'afa105', 'lok105')],
  },
  {
    ...{ trust: OUS, user: 'stf105', username: 'myhre', family: 'Myhre', given: 'Ida', gender: 'female' },
    ...{ birthDate: '1988-06-01', fnr: '01868849491', profession: 'SP', hpr: '999000505' },
    roles: [role('agb105', 'Kreftsykepleier, kreftpoliklinikken', 'afa104', 'lok104', 'lok103')],
  },
  {
    ...{ trust: OUS, user: 'stf106', username: 'roed', family: 'Røed', given: 'Nils', gender: 'male' },
    ...{ birthDate: '1966-12-12', fnr: '12926649300', profession: 'AA', hpr: '999000606' },
    roles: [role('agb106', 'Ambulansearbeider', 'afa107', 'lok107')],
  },
  {
    ...{ trust: OUS, user: 'stf107', username: 'krogh', family: 'Krogh', given: 'Berit', gender: 'female' },
    ...{ birthDate: '1988-02-17', fnr: '17828848038', profession: 'XX', hpr: null },
    roles: [role('agb107', 'Kjøkkenmedarbeider', 'afa108', 'lok108')],
  },
  {
    ...{ trust: OUS, user: 'stf108', username: 'holm', family: 'Holm', given: 'Randi', gender: 'female' },
    ...{ birthDate: '1971-10-23', fnr: '23907148076', profession: 'SP', hpr: '999000808' },
    roles: [role('agb108', 'Enhetsleder, sengepost 4B', 'afa102', 'lok102')],
  },
  {
    ...{ trust: OUS, user: 'stf109', username: 'lie', family: 'Lie', given: 'Anders', gender: 'male' },
    ...{ birthDate: '1980-06-05', fnr: '05868048192', profession: 'HE', hpr: '999000909' },
    roles: [role('agb109', 'Helsesekretær, akuttmottak', 'afa101', 'lok101')],
  },
  {
    ...{ trust: AHUS, user: 'stf201', username: 'tveit', family: 'Tveit', given: 'Marit', gender: 'female' },
    ...{ birthDate: '1984-03-11', fnr: '11838448463', profession: 'LE', hpr: '999001010' },
    roles: [role('agb201', 'Lege, akuttmottak og medisinsk sengepost', 'afa201', 'lok201', 'lok202')],
  },
  {
    ...{ trust: AHUS, user: 'stf202', username: 'odegard', family: 'Ødegård', given: 'Simen', gender: 'male' },
    ...{ birthDate: '1991-09-29', fnr: '29899148361', profession: 'SP', hpr: '999001111' },
    roles: [role('agb202', 'Sykepleier, medisinsk sengepost S304', 'afa202', 'lok202')],
  },
  {
    ...{ trust: AHUS, user: 'stf204', username: 'bakke', family: 'Bakke', given: 'Tor', gender: 'male' },
    ...{ birthDate: '1970-02-22', fnr: '22827049356', profession: 'LE', hpr: '999000404' },
    roles: [role('agb204', 'Radiolog, Nordbyhagen', 'afa203', 'lok203')],
  },
]

export const patients: readonly SeededPatient[] = [
  {
    ...{ trust: OUS, patient: 'cdp1001', family: 'Berg', given: 'Solveig', gender: 'female', birthDate: '1943-05-19' },
    ...{ fnr: '19854349034', encounter: 'enc1001', citizenUsername: 'berg' },
    units: ['lok102', 'lok106', 'lok108', 'lok105'],
    story: 'Hoftebrudd, ernæringsrisiko etter NRS-2002',
  },
  {
    ...{ trust: OUS, patient: 'cdp1002', family: 'Lien', given: 'Harald', gender: 'male', birthDate: '1951-10-03' },
    ...{ fnr: '03905149376', encounter: 'enc1002', citizenUsername: 'lien' },
    units: ['lok101', 'lok107'],
    story: 'Hjerteinfarkt med ST-elevasjon, i ambulanse A-214',
  },
  {
    ...{ trust: OUS, patient: 'cdp1003', family: 'Moen', given: 'Per', gender: 'male', birthDate: '1975-12-08' },
    ...{ fnr: '08927549523', encounter: 'enc1003', citizenUsername: 'moen' },
    units: ['lok101', 'lok107', 'lok105'],
    story: 'Traume, bilulykke på E6, i ambulanse A-107',
  },
  {
    ...{ trust: OUS, patient: 'cdp1004', family: 'Hansen', given: 'Nora', gender: 'female', birthDate: '1959-09-24' },
    ...{ fnr: '24895949457', encounter: 'enc1004', citizenUsername: 'hansen' },
    units: ['lok101', 'lok105'],
    story: 'CT thorax: fortetning i høyre overlapp',
  },
  {
    ...{ trust: OUS, patient: 'cdp1005', family: 'Vik', given: 'Trond', gender: 'male', birthDate: '1947-11-06' },
    ...{ fnr: '06914749512', encounter: 'enc1005', citizenUsername: 'vik' },
    units: ['lok103', 'lok105', 'lok106', 'lok108'],
    story: 'Tykktarmskreft, bestillinger og prøvesvar',
  },
  {
    ...{ trust: OUS, patient: 'cdp1006', family: 'Aas', given: 'Ingrid', gender: 'female', birthDate: '1968-01-27' },
    ...{ fnr: '27816849441', encounter: 'enc1006', citizenUsername: 'aas' },
    units: ['lok104', 'lok106'],
    story: 'Brystkreft, MyPath',
  },
  {
    ...{ trust: OUS, patient: 'cdp1007', family: 'Eide', given: 'Ola', gender: 'male', birthDate: '1982-08-30' },
    ...{ fnr: '30888249520', encounter: 'enc1007', citizenUsername: 'eide' },
    units: ['lok102', 'lok108'],
    story: 'Ansatt ved eget sykehus, sperrede opplysninger',
  },
  {
    ...{ trust: OUS, patient: 'cdp1008', family: 'Solberg', given: 'Amina', gender: 'female', birthDate: '1996-03-13' },
    ...{ fnr: '13839649457', encounter: 'enc1008', citizenUsername: 'solberg' },
    units: ['lok101'],
    story: 'Ukjent ved ankomst (hjelpenummer), siden identifisert',
  },
  {
    ...{ trust: AHUS, patient: 'cdp2001', family: 'Dahl', given: 'Silje', gender: 'female', birthDate: '1990-07-15' },
    ...{ fnr: '15879049218', encounter: 'enc2001', citizenUsername: 'dahl' },
    units: ['lok202'],
    story: 'Gravid med cøliaki og uttalt kvalme, ernæring',
  },
  {
    ...{ trust: AHUS, patient: 'cdp2002', family: 'Strand', given: 'Emil', gender: 'male', birthDate: '2012-06-21' },
    ...{ fnr: '21861299373', encounter: 'enc2002', citizenUsername: null },
    units: ['lok201', 'lok203'],
    story: 'Ungdom med astma, foreldretilgang',
  },
  {
    ...{ trust: AHUS, patient: 'cdp2003', family: 'Haugen', given: 'Åse', gender: 'female', birthDate: '1937-04-11' },
    ...{ fnr: '11843749420', encounter: 'enc2003', citizenUsername: 'haugen' },
    units: ['lok202', 'lok203'],
    story: 'KOLS, SpO2-skala 2, CT thorax og ernæring',
  },
  {
    ...{ trust: AHUS, patient: 'cdp2004', family: 'Nilsen', given: 'Maja', gender: 'female', birthDate: '2005-02-02' },
    ...{ fnr: '02820599244', encounter: 'enc2004', citizenUsername: 'nilsen' },
    units: ['lok201'],
    story: 'Anafylaksi, kritisk informasjon, i ambulanse',
  },
]

/** Whom the launcher and a careless script get when they name nobody. Both have the patient in their care. */
export const defaults: Readonly<Record<TrustNumber, { user: string; role: string; patient: string }>> = {
  [OUS]: { user: 'stf101', role: 'agb101', patient: 'cdp1004' },
  [AHUS]: { user: 'stf201', role: 'agb201', patient: 'cdp2003' },
}
