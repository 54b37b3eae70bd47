import type { SeededPatient } from './person.ts'
import { AHUS, OUS } from './units.ts'

/** The twelve of norway.md §4.5: eight belong to OUS, four to Ahus. */
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
