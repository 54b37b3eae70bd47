import type { StaffMember, StaffRole } from './person.ts'
import { AHUS, OUS } from './units.ts'

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
