import { writeTransport } from '../ambulance.ts'
import { writeAppointment } from '../care.ts'
import { type Chart, reference } from '../chart.ts'
import { writeAllergy, writeMessage } from '../clinical.ts'
import { concept, loinc } from '../codings.ts'
import { writeCondition } from '../encounters.ts'
import { giveMedicine } from '../medicines.ts'
import { news2Of } from '../news2.ts'
import { writeRound } from '../round.ts'
import { blood, signs, writeMedicines, writeNotes, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf101'
const CREW = 'Practitioner/stf106'

/** LIEN, Harald: ST-elevation infarction in ambulance A-214, the live record of norway.md §7.1. */
export function lien(chart: Chart): void {
  writeHistory(chart)
  const latest = signs(24, 91, 98, 60, 118, 36.4, 2)
  // Measured since the crew arrived, every minute and a half.
  const course = [
    signs(26, 89, 92, 56, 124, 36.4, 2),
    signs(25, 90, 94, 58, 121, 36.4, 2),
    signs(24, 91, 98, 60, 118, 36.4, 2),
    signs(24, 91, 97, 60, 119, 36.4, 2),
    latest,
  ]
  writeTransport(chart, {
    vehicle: 'lok151',
    callSign: 'A-214',
    incident: '2609902',
    room: 'lok168',
    urgency: 'red',
    who: 'Mann, 75 år',
    problem: 'Brystsmerter, ST-elevasjonsinfarkt',
    news2: news2Of(latest).total,
    alarmedMinutesAgo: 12,
    etaMinutes: 15,
  })
  writeCondition(chart, {
    code: 'I21.1',
    display: 'Akutt transmuralt hjerteinfarkt i nedre vegg',
    sinceDaysAgo: 0,
    encounter: 'enc1002',
  })
  course.forEach((reading, index) => {
    const at = {
      subject: chart.subject,
      encounter: chart.encounter,
      performer: reference(CREW),
      effective: chart.at((8 - index * 1.5) / 60),
    }
    writeRound(chart, at, reading)
  })
  for (const [name, atc, value, unit, route, minutes] of [
    ['Acetylsalisylsyre', 'B01AC06', 300, 'mg', 'peroralt', 7],
    ['Nitroglyserin', 'C01DA02', 0.4, 'mg', 'sublingualt', 6],
    ['Heparin', 'B01AB01', 5000, 'IE', 'intravenøst', 4],
  ] as const) {
    giveMedicine(chart, { name, atc, amount: [value, unit], route, hoursAgo: minutes / 60, by: CREW })
  }
  chart.add('sva', {
    resourceType: 'DiagnosticReport',
    status: 'preliminary',
    subject: chart.subject,
    encounter: chart.encounter,
    category: [concept('EKG')],
    code: concept('EKG, 12 avledninger', loinc('11524-6', 'EKG study')),
    effectiveDateTime: chart.at(6 / 60),
    issued: chart.at(5 / 60),
    performer: [reference(CREW)],
    conclusion: 'Sinustakykardi. ST-elevasjon i avledning II, III og aVF. Resiproke forandringer i I og aVL.',
  })
  writeMessage(chart, {
    from: CREW,
    to: PHYSICIAN,
    hoursAgo: 5 / 60,
    urgent: true,
    text: 'STEMI nedre vegg, går direkte til PCI-lab. To venekanyler, sirkulatorisk stabil, våken.',
  })
  writeNotes(chart, [
    [
      4 / 60,
      'ambulance',
      'Ambulansejournal, foreløpig',
      CREW,
      `Klemmende brystsmerter siden en drøy halvtime, stråler til venstre
arm. Kaldsvett. Gitt ASA, nitroglyserin og heparin. EKG sendt. Fortsatt smerter 6 av 10.`,
    ],
  ])
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 1320,
    hours: 3,
    class: 'EMER',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Brystsmerter ved anstrengelse',
    diagnosis: { code: 'R07.4', display: 'Uspesifisert brystsmerte' },
    reading: signs(17, 97, 158, 92, 84, 36.8),
    values: { ...blood(15.1, 4, 7.6, 140, 4.3, 84, 42, 233), troponinT: 9 },
    note: {
      type: 'progress',
      title: 'Notat fra akuttmottak',
      text: 'Normale troponiner to ganger, EKG uten akutte forandringer. Henvist til arbeids-EKG.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 1290,
    hours: 1,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Arbeids-EKG',
    diagnosis: { code: 'I20.9', display: 'Uspesifisert angina pectoris' },
    reading: signs(15, 98, 150, 88, 76, 36.7),
    values: { ...blood(15, 2, 6.9, 141, 4.2, 86, 43, 240), hba1c: 48, tsh: 1.8 },
    note: {
      type: 'outpatient',
      title: 'Arbeids-EKG',
      text: 'Moderate ST-senkninger ved høy belastning. Startet acetylsalisylsyre og statin. Røykeslutt anbefalt.',
    },
  })
  writeVisit(chart, {
    suffix: '4',
    daysAgo: 402,
    hours: 1,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Kontroll hjerte',
    diagnosis: { code: 'I25.1', display: 'Aterosklerotisk hjertesykdom' },
    reading: signs(14, 97, 142, 84, 70, 36.6),
    values: { ...blood(14.7, 3, 7, 140, 4.4, 91, 42, 228), hba1c: 51 },
    note: {
      type: 'outpatient',
      title: 'Kontroll',
      text: 'Stabil. Diabetes type 2 nyoppdaget hos fastlege, startet metformin. Røyker fortsatt fem sigaretter daglig.',
    },
  })
  writeProblems(chart, [
    ['E11.9', 'Diabetes mellitus type 2 uten komplikasjoner', 420],
    ['I10', 'Essensiell hypertensjon', 3600],
    ['E78.0', 'Ren hyperkolesterolemi', 1290],
  ])
  writeAllergy(chart, {
    substance: 'Penicillin',
    snomedCode: '764146007',
    category: 'medication',
    criticality: 'high',
    reaction: 'Urtikaria',
    severity: 'moderate',
    sinceDaysAgo: 7000,
  })
  writeMedicines(chart, [
    ['Acetylsalisylsyre', 'B01AC06', '75 mg 1 gang daglig', 1290],
    ['Atorvastatin', 'C10AA05', '40 mg 1 gang daglig', 1290],
    ['Metformin', 'A10BA02', '500 mg 2 ganger daglig', 410],
    ['Lisinopril', 'C09AA03', '10 mg 1 gang daglig', 3500],
  ])
  writeAppointment(chart, {
    text: 'Årskontroll hjertepoliklinikk',
    inHours: 24 * 20,
    minutes: 30,
    unit: 'lok101',
    with: PHYSICIAN,
  })
}
