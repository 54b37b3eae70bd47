import { writeAppointment, writeCareTeam } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeProcedure } from '../clinical.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { orderLaboratory } from '../laboratory.ts'
import { giveMedicine } from '../medicines.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'
import { writeBergNutrition } from './berg-nutrition.ts'

const PHYSICIAN = 'Practitioner/stf101'
const NURSE = 'Practitioner/stf102'
const DIETITIAN = 'Practitioner/stf103'
const RADIOLOGIST = 'Practitioner/stf104'

/** BERG, Solveig: hip fracture three days ago, malnourished; the nutrition story of norway.md §7.3. */
export function berg(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok102',
    room: 'lok165',
    startHoursAgo: 78,
    responsible: PHYSICIAN,
    reason: 'Fall hjemme, brudd i høyre lårhals',
    diagnosis: { code: 'S72.0', display: 'Brudd i lårhals' },
  })
  const malnutrition = writeCondition(chart, {
    code: 'E44.0',
    display: 'Moderat protein-energi-underernæring',
    sinceDaysAgo: 2,
    encounter: 'enc1001',
  })
  const nuts = writeAllergy(chart, {
    substance: 'Nøtter',
    snomedCode: '91934008',
    category: 'food',
    criticality: 'high',
    severity: 'severe',
    reaction: 'Hevelse i munn og svelg',
    sinceDaysAgo: 9000,
  })
  writeImaging(chart, {
    study: 'img1001-1',
    requester: 'PractitionerRole/agb101',
    radiologist: RADIOLOGIST,
    conclusion: 'Dislokert medial lårhalsfraktur på høyre side. Moderat koksartrose. Bekkenringen er intakt.',
  })
  writeProcedure(chart, { text: 'Hemiprotese høyre hofte', hoursAgo: 56, by: PHYSICIAN })
  writeImaging(chart, {
    study: 'img1001-2',
    requester: 'PractitionerRole/agb102',
    radiologist: RADIOLOGIST,
    conclusion: 'Hemiprotese i god stilling. Ingen periprostetisk fraktur.',
  })
  writeRounds(chart, {
    from: signs(20, 93, 104, 58, 98, 37.9, 2),
    to: signs(17, 95, 122, 70, 84, 37.2),
    startHoursAgo: 77,
    endHoursAgo: 1,
    everyHours: 4,
    by: NURSE,
  })
  writePanels(chart, 'PractitionerRole/agb102', 'Postoperativ kontroll', [
    [77, blood(11.2, 12, 11.4, 136, 4.2, 92, 31, 288)],
    [54, blood(9.6, 88, 12.8, 134, 4, 97, 29, 241)],
    [30, blood(9.1, 121, 10.9, 135, 3.7, 86, 28, 262)],
    [6, blood(9.4, 74, 9.2, 137, 3.8, 80, 28, 301)],
  ])
  orderLaboratory(chart, {
    title: 'Ernæringsprøver',
    hoursAgo: 30,
    requester: 'PractitionerRole/agb103',
    values: { vitaminD: 38, ferritin: 22, tsh: 2.1, glucose: 5.4, hba1c: 37 },
  })
  for (const hoursAgo of [26, 20, 14, 8, 2]) {
    giveMedicine(chart, {
      name: 'Paracetamol',
      atc: 'N02BE01',
      amount: [1, 'g'],
      route: 'peroralt',
      hoursAgo,
      by: NURSE,
    })
  }
  writeBergNutrition(chart, nuts, malnutrition)
  writeDailyNotes(chart)
  writeCareTeam(chart, 'Behandlingsteam 4B', [
    ['Lege', PHYSICIAN],
    ['Sykepleier', NURSE],
    ['Klinisk ernæringsfysiolog', DIETITIAN],
  ])
  writeAppointment(chart, {
    text: 'Kontroll ortopedisk poliklinikk',
    inHours: 24 * 42,
    minutes: 30,
    unit: 'lok102',
    with: PHYSICIAN,
  })
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 820,
    hours: 2,
    class: 'AMB',
    unit: 'lok102',
    responsible: PHYSICIAN,
    reason: 'Smerter i høyre hofte',
    diagnosis: { code: 'M16.1', display: 'Annen primær koksartrose' },
    reading: signs(15, 98, 138, 82, 72, 36.7),
    values: blood(12.4, 3, 6.8, 140, 4.1, 71, 40, 266),
    note: {
      type: 'outpatient',
      title: 'Ortopedisk poliklinikk',
      text: 'Belastningssmerter gjennom et år. Røntgen viser moderat artrose. Fysioterapi og smertestillende.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 210,
    hours: 70,
    class: 'IMP',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Lungebetennelse',
    diagnosis: { code: 'J18.9', display: 'Uspesifisert pneumoni' },
    reading: signs(24, 91, 108, 62, 104, 38.9, 2),
    values: blood(11.9, 168, 14.2, 135, 3.9, 88, 33, 310),
    note: {
      type: 'discharge',
      title: 'Epikrise',
      text: 'Pneumoni, god effekt av penicillin. Har spist lite de siste ukene; fastlegen bes følge vekten.',
    },
  })
  writeProblems(chart, [
    ['M81.9', 'Uspesifisert osteoporose', 2300],
    ['I10', 'Essensiell hypertensjon', 4100],
    ['R63.4', 'Unormalt vekttap', 40],
  ])
  writeAllergy(chart, {
    substance: 'Kodein',
    snomedCode: '387494007',
    category: 'medication',
    type: 'intolerance',
    criticality: 'low',
    reaction: 'Kvalme',
    severity: 'mild',
    sinceDaysAgo: 1900,
  })
  writeMedicines(chart, [
    ['Amlodipin', 'C08CA01', '5 mg 1 gang daglig', 4000],
    ['Alendronsyre', 'M05BA04', '70 mg 1 gang ukentlig', 2200],
    ['Kalsium og vitamin D3', 'A12AX', '1 tablett 2 ganger daglig', 2200],
    ['Fenoksymetylpenicillin', 'J01CE02', '1 g 4 ganger daglig', 210, 200],
    ['Dalteparin', 'B01AB04', '5000 IE 1 gang daglig til uke 5', 2],
    ['Paracetamol', 'N02BE01', '1 g 4 ganger daglig', 3],
  ])
}

const writeDailyNotes = (chart: Chart): void =>
  writeNotes(chart, [
    [
      76,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      `Falt på kjøkkengulvet i går kveld og klarte ikke å reise seg. Høyre bein
forkortet og utadrotert. Bor alene, hjemmesykepleie to ganger i uken. Har gått ned i vekt de siste månedene.`,
    ],
    [
      55,
      'progress',
      'Operasjonsnotat',
      PHYSICIAN,
      `Hemiprotese høyre hofte i spinalanestesi uten komplikasjoner.
Blødning 350 ml. Kan belaste fullt.`,
    ],
    [
      44,
      'nursing',
      'Sykepleienotat natt',
      NURSE,
      `Våken fra kl. 03, litt forvirret, rolig ved samtale. Drukket 150 ml.
Smerter 3 av 10 ved forflytning.`,
    ],
    [
      32,
      'nursing',
      'Sykepleienotat dag',
      NURSE,
      `Oppe i stol to ganger. Spist en kvart porsjon til middag, sier maten er
tung å tygge. Konsistens endret etter avtale.`,
    ],
    [
      21,
      'consult',
      'Notat klinisk ernæringsfysiolog',
      DIETITIAN,
      `Vekt 48,2 kg, høyde 162 cm, KMI 18,4. Vekttap 4,1 kg (7,8 %)
på tre måneder. NRS-2002 skår 5. Behov 1446 kcal, 58 g protein, 1446 ml væske. Energi- og næringstett kost, IDDSI 5.`,
    ],
    [
      8,
      'progress',
      'Previsitt',
      PHYSICIAN,
      `Fallende CRP, stabil Hb. Mobiliseres med fysioterapeut. Ernæringsplan følges.
Planlegger rehabilitering om tre til fire dager.`,
    ],
    [
      3,
      'nursing',
      'Sykepleienotat dag',
      NURSE,
      'Gikk ti meter med rullator. Halv frokost. Næringsdrikk godt likt kald.',
    ],
  ])
