import { writeAppointment, writeCareTeam } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeFlag } from '../clinical.ts'
import { writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { orderLaboratory } from '../laboratory.ts'
import { giveMedicine } from '../medicines.ts'
import { writeWeights } from '../nutrition.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf201'
const NURSE = 'Practitioner/stf202'
const ROLE = 'PractitionerRole/agb201'

/** STRAND, Emil: a minor with asthma, in the emergency department with his mother. */
export function strand(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 730,
    hours: 20,
    class: 'EMER',
    unit: 'lok201',
    responsible: PHYSICIAN,
    reason: 'Astmaanfall',
    diagnosis: { code: 'J46', display: 'Akutt alvorlig astma' },
    reading: signs(30, 90, 112, 68, 124, 37.4, 3),
    values: blood(13.2, 12, 11.2, 139, 3.8, 48, 42, 310),
    note: {
      type: 'discharge',
      title: 'Epikrise',
      text: 'Alvorlig anfall utløst av luftveisinfeksjon. Prednisolon i tre dager.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 180,
    hours: 1,
    class: 'AMB',
    unit: 'lok201',
    responsible: PHYSICIAN,
    reason: 'Kontroll astma',
    diagnosis: { code: 'J45.0', display: 'Overveiende allergisk astma' },
    reading: signs(18, 98, 110, 66, 80, 36.7),
    values: blood(13.6, 1, 6.8, 140, 4.1, 50, 43, 290),
    note: {
      type: 'outpatient',
      title: 'Astmakontroll',
      text: 'Glemmer forebyggende medisin. FEV1 84 %. Ny opplæring med mor til stede.',
    },
  })
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok201',
    room: 'lok263',
    startHoursAgo: 10,
    responsible: PHYSICIAN,
    reason: 'Alvorlig astmaanfall',
    diagnosis: { code: 'J46', display: 'Akutt alvorlig astma' },
  })
  writeProblems(chart, [
    ['J45.0', 'Overveiende allergisk astma', 2900],
    ['L20.9', 'Uspesifisert atopisk dermatitt', 4400],
  ])
  writeAllergy(chart, {
    substance: 'Katt',
    snomedCode: '260151002',
    category: 'environment',
    criticality: 'low',
    reaction: 'Tungpust',
    severity: 'moderate',
    sinceDaysAgo: 2800,
  })
  writeAllergy(chart, {
    substance: 'Peanøtt',
    snomedCode: '762952008',
    category: 'food',
    criticality: 'high',
    reaction: 'Anafylaksi',
    severity: 'severe',
    sinceDaysAgo: 3000,
  })
  writeFlag(chart, 'Tidligere anafylaksi på peanøtt')
  writeMedicines(chart, [
    ['Budesonid og formoterol', 'R03AK07', '160/4,5 µg 2 ganger daglig', 700],
    ['Salbutamol', 'R03AC02', '0,1 mg ved behov', 2900],
    ['Adrenalin autoinjektor', 'C01CA24', '0,3 mg ved anafylaksi', 2900],
  ])
  writeImaging(chart, {
    study: 'img2002-1',
    requester: ROLE,
    radiologist: 'Practitioner/stf204',
    conclusion: 'Hyperinflaterte lunger. Ingen pneumothorax eller infiltrat.',
  })
  orderLaboratory(chart, {
    title: 'Innkomstprøver',
    hoursAgo: 9.8,
    values: { ...blood(13.9, 8, 12.1, 139, 3.6, 52, 43, 330), lactate: 2.4 },
    requester: ROLE,
    urgent: true,
  })
  for (const hoursAgo of [9.7, 9.2, 8.5, 6, 3]) {
    giveMedicine(chart, {
      name: 'Salbutamol',
      atc: 'R03AC02',
      amount: [5, 'mg'],
      route: 'på forstøver',
      hoursAgo,
      by: PHYSICIAN,
    })
  }
  giveMedicine(chart, {
    name: 'Prednisolon',
    atc: 'H02AB06',
    amount: [40, 'mg'],
    route: 'peroralt',
    hoursAgo: 9.5,
    by: PHYSICIAN,
  })
  writeRounds(chart, {
    from: signs(32, 89, 118, 70, 132, 37.2, 5),
    to: signs(20, 96, 112, 68, 98, 36.9),
    startHoursAgo: 9.8,
    endHoursAgo: 0.8,
    everyHours: 1,
    by: NURSE,
  })
  writeWeights(
    chart,
    163,
    [
      [730, 38.2],
      [365, 44.5],
      [180, 47.9],
      [0, 50.3],
    ],
    NURSE,
  )
  writeNotes(chart, [
    [
      9,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      `14 år gammel gutt, tungpust siden i går kveld etter besøk hos venn med katt. Mor følger. Snakker i
enkeltord, bruker hjelpemuskler. Bedring etter tre inhalasjoner.`,
    ],
    [4, 'progress', 'Vurdering', PHYSICIAN, 'Mindre obstruktiv, SpO2 95 % på romluft. Observeres til i morgen.'],
    [2, 'nursing', 'Sykepleienotat', NURSE, 'Sover. Mor hos. Spist litt suppe.'],
  ])
  writeCareTeam(chart, 'Observasjon barn', [
    ['Lege', PHYSICIAN],
    ['Sykepleier', NURSE],
    ['Mor', 'RelatedPerson/rel2002-1'],
  ])
  writeAppointment(chart, { text: 'Astmakontroll', inHours: 24 * 14, minutes: 40, unit: 'lok201', with: PHYSICIAN })
}
