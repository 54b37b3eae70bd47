import { writeAppointment, writeCarePlan, writeCareTeam } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeFlag } from '../clinical.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { writeIntakeHistory, writeMealsToday, writeNeeds } from '../intake.ts'
import { orderLaboratory } from '../laboratory.ts'
import type { Reading } from '../news2.ts'
import { orderDiet, writeRiskScreening, writeWeights } from '../nutrition.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf201'
const NURSE = 'Practitioner/stf202'
const RADIOLOGIST = 'Practitioner/stf204'
const ROLE = 'PractitionerRole/agb201'
/** She retains carbon dioxide, so saturation counts on scale 2. */
const onScale2 = (reading: Reading): Reading => ({ ...reading, scale: 2 })

/** HAUGEN, Åse: COPD with saturation scale 2, emphysema on CT and a poor appetite. */
export function haugen(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok202',
    room: 'lok264',
    startHoursAgo: 80,
    responsible: PHYSICIAN,
    reason: 'KOLS-forverring',
    diagnosis: { code: 'J44.1', display: 'KOLS med akutt forverrelse' },
  })
  const malnutrition = writeCondition(chart, {
    code: 'E46',
    display: 'Uspesifisert protein-energi-underernæring',
    sinceDaysAgo: 2,
    encounter: 'enc2003',
  })
  writeFlag(chart, 'CO2-retensjon: behandlingsmål SpO2 88–92 %')
  writeImaging(chart, {
    study: 'img2003-1',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    conclusion: 'Uttalt emfysem, mest i overlappene. Ingen infiltrater. Ingen tegn til lungeemboli.',
  })
  writeRounds(chart, {
    from: onScale2(signs(26, 86, 138, 78, 108, 37.8, 2)),
    to: onScale2(signs(20, 90, 130, 74, 88, 37, 1)),
    startHoursAgo: 79,
    endHoursAgo: 1,
    everyHours: 4,
    by: NURSE,
  })
  writePanels(chart, ROLE, 'Blodprøver', [
    [79, blood(14.8, 46, 13.2, 138, 4.2, 58, 32, 360)],
    [55, blood(14.4, 38, 11.9, 139, 4, 55, 31, 350)],
    [31, blood(14.2, 22, 10.4, 140, 3.9, 54, 31, 341)],
    [7, blood(14.1, 12, 9.4, 140, 4, 54, 31, 338)],
  ])
  orderLaboratory(chart, {
    title: 'Ernæringsprøver',
    hoursAgo: 31,
    values: { vitaminD: 32, ferritin: 88, tsh: 1.4, hba1c: 38 },
    requester: ROLE,
  })
  writeWeights(
    chart,
    158,
    [
      [540, 50.2],
      [400, 49.4],
      [300, 48.8],
      [180, 47.2],
      [90, 45.9],
      [40, 44.8],
      [3, 43.6],
      [1, 43.4],
      [0, 43.5],
    ],
    NURSE,
  )
  writeRiskScreening(chart, {
    hoursAgo: 70,
    by: NURSE,
    age: 1 as const,
    nutrition: [3, 'KMI under 18,5 og vekttap over 5 %'],
    disease: [2, 'KOLS med akutt forverrelse'],
  })
  writeNeeds(chart, [1305, 57, 1305], PHYSICIAN)
  orderDiet(chart, {
    hoursAgo: 68,
    by: 'PractitionerRole/agb202',
    types: ['Energi- og næringstett kost'],
    texture: 'IDDSI 6, mykt',
    instruction: 'Seks små måltider. Hvile før måltid, oksygen under måltid.',
    supplement: { name: 'Næringsdrikk 1,5 kcal/ml, sjokolade', instruction: '125 ml tre ganger daglig' },
  })
  writeIntakeHistory(
    chart,
    [
      [890, 34, 1150],
      [760, 28, 1000],
      [510, 17, 850],
    ],
    NURSE,
  )
  writeMealsToday(
    chart,
    [
      { name: 'Frokost', portion: '½', intake: [190, 7, 200] },
      { name: 'Næringsdrikk', portion: '1', intake: [188, 7, 125] },
      { name: 'Lunsj', portion: '¼', intake: [110, 5, 150] },
    ],
    NURSE,
  )
  writeCarePlan(chart, {
    title: 'Ernæringsplan',
    daysAgo: 2,
    author: NURSE,
    addresses: [malnutrition],
    description: 'Underernæring ved KOLS, NRS-2002 skår 6.',
    goals: ['Minst 1000 kcal daglig', 'Vektstabil ved utskriving'],
    activities: [
      { text: 'Registrere matinntak hvert måltid', status: 'in-progress' },
      { text: 'Næringsdrikk tre ganger daglig', status: 'in-progress' },
      { text: 'Ny NRS-2002 om en uke', status: 'scheduled' },
    ],
  })
  writeNotes(chart, [
    [
      78,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      `89 år gammel kvinne med alvorlig KOLS og hjemmeoksygen. Økende tungpust i fire dager, grønt oppspytt.
pCO2 8,1. Startet BiPAP, prednisolon og antibiotika. Mål for SpO2 88–92 %.`,
    ],
    [54, 'nursing', 'Sykepleienotat', NURSE, 'BiPAP i fire timer. Utslitt, orker ikke spise varm middag.'],
    [27, 'progress', 'Svar på CT', PHYSICIAN, 'Emfysem uten infiltrat. Ingen emboli.'],
    [8, 'progress', 'Previsitt', PHYSICIAN, 'Bedre. Uten BiPAP siste natt. Fokus på ernæring og mobilisering.'],
    [2, 'nursing', 'Sykepleienotat', NURSE, 'Spist halv frokost og hel næringsdrikk. Sittet oppe en time.'],
  ])
  writeCareTeam(chart, 'Behandlingsteam S304', [
    ['Lege', PHYSICIAN],
    ['Sykepleier', NURSE],
  ])
  writeAppointment(chart, { text: 'KOLS-poliklinikk', inHours: 24 * 28, minutes: 40, unit: 'lok202', with: PHYSICIAN })
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 300,
    hours: 90,
    class: 'IMP',
    unit: 'lok202',
    responsible: PHYSICIAN,
    reason: 'KOLS-forverring',
    diagnosis: { code: 'J44.1', display: 'KOLS med akutt forverrelse' },
    reading: onScale2(signs(25, 87, 142, 80, 104, 37.6, 2)),
    values: blood(14.9, 58, 12.8, 138, 4.1, 60, 35, 330),
    note: {
      type: 'discharge',
      title: 'Epikrise',
      text: 'Forverring av KOLS, god effekt av behandling. Hjemmeoksygen 1 l/min.',
    },
  })
  writeImaging(chart, {
    study: 'img2003-2',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    encounter: 'enc2003-2',
    conclusion: 'Hyperinflaterte lunger, flate diafragmakupler. Ingen infiltrater.',
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 120,
    hours: 1,
    class: 'AMB',
    unit: 'lok202',
    responsible: PHYSICIAN,
    reason: 'KOLS-kontroll',
    reading: onScale2(signs(20, 90, 136, 76, 86, 36.7, 1)),
    values: blood(14.6, 6, 8.8, 140, 4.2, 56, 36, 320),
    note: {
      type: 'outpatient',
      title: 'KOLS-poliklinikk',
      text: 'FEV1 31 %. Går med rullator. Har gått ned i vekt; kostråd gitt.',
    },
  })
  writeProblems(chart, [
    ['I50.9', 'Uspesifisert hjertesvikt', 900],
    ['M81.9', 'Uspesifisert osteoporose', 3000],
  ])
  writeAllergy(chart, {
    substance: 'Trimetoprim',
    snomedCode: '387170002',
    category: 'medication',
    criticality: 'low',
    reaction: 'Utslett',
    severity: 'mild',
    sinceDaysAgo: 2600,
  })
  writeMedicines(chart, [
    ['Tiotropium og olodaterol', 'R03AL06', '2,5/2,5 µg, to inhalasjoner 1 gang daglig', 1500],
    ['Prednisolon', 'H02AB06', '30 mg 1 gang daglig i fem dager', 3],
    ['Furosemid', 'C03CA01', '20 mg 1 gang daglig', 880],
    ['Oksygen', 'V03AN01', '1 l/min på nesekateter', 290],
  ])
}
