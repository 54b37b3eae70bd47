import { writeAppointment, writeCarePlan, writeCareTeam, writeReferral } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy } from '../clinical.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeIntakeHistory, writeMealsToday, writeNeeds } from '../intake.ts'
import { orderDiet, writeRiskScreening, writeWeights } from '../nutrition.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf201'
const NURSE = 'Practitioner/stf202'
const ROLE = 'PractitionerRole/agb202'

/** DAHL, Silje: pregnant, coeliac disease and persistent vomiting; the nutrition story of Ahus. */
export function dahl(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok202',
    room: 'lok265',
    startHoursAgo: 52,
    responsible: PHYSICIAN,
    reason: 'Uttalt svangerskapskvalme, uke 13',
    diagnosis: { code: 'O21.1', display: 'Hyperemesis gravidarum med metabolsk forstyrrelse' },
  })
  const loss = writeCondition(chart, {
    code: 'R63.4',
    display: 'Unormalt vekttap',
    sinceDaysAgo: 2,
    encounter: 'enc2001',
  })
  const gluten = writeAllergy(chart, {
    substance: 'Gluten',
    snomedCode: '89811004',
    category: 'food',
    type: 'intolerance',
    criticality: 'high',
    reaction: 'Cøliaki, diaré og magesmerter',
    severity: 'moderate',
    sinceDaysAgo: 3900,
  })
  const lactose = writeAllergy(chart, {
    substance: 'Laktose',
    snomedCode: '47703008',
    category: 'food',
    type: 'intolerance',
    criticality: 'low',
    reaction: 'Luftplager',
    severity: 'mild',
    sinceDaysAgo: 3900,
  })
  writeRounds(chart, {
    from: signs(18, 99, 98, 60, 106, 37.1),
    to: signs(15, 99, 112, 68, 82, 36.8),
    startHoursAgo: 51,
    endHoursAgo: 1,
    everyHours: 4,
    by: NURSE,
  })
  writePanels(chart, ROLE, 'Elektrolytter og nyrefunksjon', [
    [51, blood(14.1, 3, 9.1, 133, 3.1, 84, 38, 290)],
    [27, blood(12.8, 2, 8, 135, 3.4, 70, 36, 270)],
    [6, blood(12.3, 2, 7.4, 137, 3.7, 62, 36, 264)],
  ])
  writeWeights(
    chart,
    171,
    [
      [210, 66.4],
      [120, 66.1],
      [62, 65.9],
      [34, 64.2],
      [20, 62.6],
      [8, 61.3],
      [2, 60.6],
      [1, 60.8],
      [0, 61],
    ],
    NURSE,
  )
  writeRiskScreening(chart, {
    hoursAgo: 48,
    by: NURSE,
    age: 0 as const,
    nutrition: [3, 'vekttap over 5 % på en måned og inntak under 25 % av behovet'],
    disease: [1, 'svangerskapskvalme med dehydrering'],
  })
  writeNeeds(chart, [2130, 73, 2130], PHYSICIAN)
  orderDiet(chart, {
    hoursAgo: 47,
    by: ROLE,
    types: ['Glutenfri kost', 'Laktoseredusert kost', 'Næringstett kost'],
    exclude: ['Gluten', 'Laktose'],
    allergies: [gluten, lactose],
    instruction: 'Tørre, kalde småmåltider annenhver time. Glutenfritt brød smøres på eget bord.',
    supplement: { name: 'Næringsdrikk, glutenfri, eple', instruction: '100 ml mellom måltidene, kald' },
  })
  writeIntakeHistory(
    chart,
    [
      [940, 28, 1500],
      [420, 11, 900],
    ],
    NURSE,
  )
  writeMealsToday(
    chart,
    [
      { name: 'Glutenfri kjeks', portion: '1', intake: [180, 3, 100] },
      { name: 'Næringsdrikk', portion: '½', intake: [150, 5, 100] },
      { name: 'Ris og kylling', portion: '½', intake: [260, 14, 150] },
      { name: 'Frukt', portion: '¾', intake: [90, 1, 150] },
    ],
    NURSE,
  )
  writeCarePlan(chart, {
    title: 'Ernæringsplan',
    daysAgo: 2,
    author: NURSE,
    addresses: [loss],
    description: 'Svangerskapskvalme med vekttap 8 % og cøliaki. Stanse vekttapet og trappe opp inntaket.',
    goals: ['Minst 1500 kcal daglig innen fire dager', 'Vekten stabil tre dager på rad'],
    activities: [
      { text: 'Registrere matinntak hvert måltid', status: 'in-progress' },
      { text: 'Tiamin før glukose', status: 'completed' },
      { text: 'Veie hver morgen', status: 'in-progress' },
      { text: 'Henvise til klinisk ernæringsfysiolog', status: 'completed' },
      { text: 'Sondeernæring vurderes om inntaket ikke øker', status: 'not-started' },
    ],
  })
  writeReferral(chart, {
    text: 'Vurdering ved klinisk ernæringsfysiolog',
    reason: 'NRS-2002 skår 4, cøliaki og gravid',
    hoursAgo: 46,
    requester: ROLE,
    performer: 'Organization/afa202',
    about: [loss],
  })
  writeNotes(chart, [
    [
      51,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      `Gravid i uke 13, kaster opp ti til femten ganger i døgnet. Vekttap 5,3 kg (8 %) på to
måneder. Cøliaki siden 2016. Ketoner 3+ i urin, kalium 3,1. Væske og tiamin intravenøst.`,
    ],
    [30, 'nursing', 'Sykepleienotat natt', NURSE, 'Kastet opp tre ganger i natt. Tåler tørr kjeks og kald eplejuice.'],
    [
      7,
      'progress',
      'Previsitt',
      PHYSICIAN,
      'Kalium normalisert, oppkast avtar. Fortsetter småmåltider, ny vekt i morgen.',
    ],
    [2, 'nursing', 'Sykepleienotat', NURSE, 'Spiste halv porsjon ris og kylling. Ikke kastet opp på flere timer.'],
  ])
  writeCareTeam(chart, 'Behandlingsteam S304', [
    ['Lege', PHYSICIAN],
    ['Sykepleier', NURSE],
  ])
  writeAppointment(chart, { text: 'Ultralyd, ordinær', inHours: 24 * 36, minutes: 45, unit: 'lok202', with: PHYSICIAN })
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 1200,
    hours: 1,
    class: 'AMB',
    unit: 'lok202',
    responsible: PHYSICIAN,
    reason: 'Kontroll cøliaki',
    diagnosis: { code: 'K90.0', display: 'Cøliaki' },
    reading: signs(14, 99, 116, 70, 68, 36.6),
    values: { ...blood(12.9, 1, 5.9, 140, 4.2, 64, 43, 268), ferritin: 28, vitaminD: 61 },
    note: {
      type: 'outpatient',
      title: 'Kontroll cøliaki',
      text: 'God etterlevelse av glutenfri kost. Normale antistoffer.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 14,
    hours: 6,
    class: 'EMER',
    unit: 'lok201',
    responsible: PHYSICIAN,
    reason: 'Oppkast i svangerskapet',
    diagnosis: { code: 'O21.0', display: 'Lett hyperemesis gravidarum' },
    reading: signs(16, 99, 104, 64, 96, 36.9),
    values: blood(13.6, 2, 8.3, 136, 3.5, 72, 40, 280),
    note: {
      type: 'progress',
      title: 'Notat fra akuttmottak',
      text: 'Gitt to liter væske og kvalmestillende. Reist hjem i bedring.',
    },
  })
  writeProblems(chart, [
    ['K90.0', 'Cøliaki', 3900],
    ['Z34.9', 'Kontroll av normalt svangerskap', 60],
  ])
  writeMedicines(chart, [
    ['Folsyre', 'B03BB01', '0,4 mg 1 gang daglig', 120],
    ['Meklozin', 'R06AE05', '25 mg 2 ganger daglig', 20],
    ['Metoklopramid', 'A03FA01', '10 mg inntil 3 ganger daglig', 2],
    ['Tiamin', 'A11DA01', '100 mg intravenøst 1 gang daglig', 2],
  ])
}
