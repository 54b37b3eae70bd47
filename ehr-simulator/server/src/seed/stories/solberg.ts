import { writeCareTeam } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeMessage } from '../clinical.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { orderLaboratory } from '../laboratory.ts'
import { giveMedicine } from '../medicines.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf101'
const NURSE = 'Practitioner/stf102'
const ROLE = 'PractitionerRole/agb101'

/** SOLBERG, Amina: came in unknown under a help number and was identified the next morning (norway.md §4.5). */
export function solberg(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 510,
    hours: 2,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Kontroll diabetes',
    diagnosis: { code: 'E10.9', display: 'Diabetes mellitus type 1 uten komplikasjoner' },
    reading: signs(14, 99, 118, 72, 70, 36.6),
    values: { ...blood(13.2, 1, 5.8, 140, 4.2, 62, 43, 260), hba1c: 62 },
    note: {
      type: 'outpatient',
      title: 'Diabetespoliklinikken',
      text: 'HbA1c 62. Hyppige følinger om natten. Justert basalinsulin.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 190,
    hours: 2,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Kontroll diabetes',
    reading: signs(14, 99, 116, 72, 68, 36.5),
    values: { ...blood(13, 1, 5.6, 141, 4.1, 63, 43, 255), hba1c: 58 },
    note: {
      type: 'outpatient',
      title: 'Diabetespoliklinikken',
      text: 'Bedre kontroll. Får kontinuerlig glukosemåler til høsten.',
    },
  })
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok101',
    room: 'lok164',
    startHoursAgo: 28,
    responsible: PHYSICIAN,
    reason: 'Funnet bevisstløs på gaten, identitet ukjent ved ankomst',
    diagnosis: { code: 'E10.0', display: 'Diabetes mellitus type 1 med koma' },
  })
  writeCondition(chart, {
    code: 'R40.2',
    display: 'Uspesifisert koma',
    sinceDaysAgo: 1,
    encounter: 'enc1008',
    resolved: true,
  })
  writeProblems(chart, [['E10.9', 'Diabetes mellitus type 1', 4800]])
  writeAllergy(chart, {
    substance: 'Ibuprofen',
    snomedCode: '387207008',
    category: 'medication',
    criticality: 'low',
    reaction: 'Elveblest',
    severity: 'moderate',
    sinceDaysAgo: 2100,
  })
  writeMedicines(chart, [
    ['Insulin glargin', 'A10AE04', '18 IE kl. 22', 1900],
    ['Insulin aspart', 'A10AB05', 'Etter karbohydrattelling til måltider', 1900],
    ['Glukagon', 'H04AA01', '1 mg intramuskulært ved alvorlig føling', 1900],
  ])
  writeImaging(chart, {
    study: 'img1008-1',
    requester: ROLE,
    radiologist: 'Practitioner/stf104',
    conclusion: 'Ingen blødning, fraktur eller tegn til infarkt. Symmetriske ventrikler.',
  })
  orderLaboratory(chart, {
    title: 'Blodgass og glukose',
    hoursAgo: 27.9,
    requester: ROLE,
    urgent: true,
    values: { glucose: 1.4, lactate: 3.1, potassium: 3.4, sodium: 139 },
    conclusion: 'Glukose 1,4 mmol/L er kritisk lav.',
  })
  writePanels(chart, ROLE, 'Innkomstprøver', [[27.8, blood(12.8, 4, 12.6, 139, 3.4, 70, 41, 288)]])
  writePanels(chart, ROLE, 'Kontrollprøver', [[10, blood(12.6, 6, 8.8, 140, 4, 64, 40, 270)]])
  giveMedicine(chart, {
    name: 'Glukose 500 mg/ml',
    atc: 'B05BA03',
    amount: [50, 'ml'],
    route: 'intravenøst',
    hoursAgo: 27.6,
    by: PHYSICIAN,
  })
  giveMedicine(chart, {
    name: 'Glukose 50 mg/ml',
    atc: 'B05BA03',
    amount: [1000, 'ml'],
    route: 'over 6 timer',
    hoursAgo: 27,
    by: NURSE,
  })
  writeRounds(chart, {
    from: signs(12, 94, 106, 60, 112, 35.4, 4),
    to: signs(15, 98, 118, 74, 76, 36.7),
    startHoursAgo: 27.5,
    endHoursAgo: 1,
    everyHours: 3,
    by: NURSE,
  })
  writeMessage(chart, {
    from: NURSE,
    to: PHYSICIAN,
    hoursAgo: 18,
    text: 'Pasienten er våken og har oppgitt navn og fødselsdato. Hjelpenummer 80000001205 slås sammen med riktig person.',
  })
  writeNotes(chart, [
    [
      27,
      'admission',
      'Innkomstjournal, ukjent kvinne',
      PHYSICIAN,
      `Funnet bevisstløs ved trikkeholdeplass, uten papirer. GCS 6, kald og klam.
Glukose 1,4. Våknet etter glukose intravenøst. CT caput tatt på grunn av mulig fall.`,
    ],
    [18, 'nursing', 'Sykepleienotat', NURSE, 'Våken og orientert. Har spist brød og drukket melk. Glukose 7,2.'],
    [
      9,
      'progress',
      'Previsitt',
      PHYSICIAN,
      'Identifisert. Alvorlig hypoglykemi etter feil insulindose. Samtale med diabetessykepleier.',
    ],
  ])
  writeCareTeam(chart, 'Observasjonsposten', [
    ['Lege', PHYSICIAN],
    ['Sykepleier', NURSE],
  ])
}
