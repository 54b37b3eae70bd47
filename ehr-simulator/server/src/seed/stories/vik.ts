import { writeAppointment, writeCareTeam, writeReferral } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeMessage, writeProcedure } from '../clinical.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { orderLaboratory } from '../laboratory.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'
import { writeVikNutrition } from './vik-nutrition.ts'

const PHYSICIAN = 'Practitioner/stf101'
const NURSE = 'Practitioner/stf105'
const DIETITIAN = 'Practitioner/stf103'
const RADIOLOGIST = 'Practitioner/stf104'
const ROLE = 'PractitionerRole/agb105'

/** VIK, Trond: colon cancer with a critical potassium; the orders and answers of norway.md §7.4. */
export function vik(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok103',
    room: 'lok167',
    startHoursAgo: 96,
    responsible: PHYSICIAN,
    reason: 'Operert for tykktarmskreft, komplisert forløp',
    diagnosis: { code: 'C18.7', display: 'Ondartet svulst i colon sigmoideum' },
  })
  const kidney = writeCondition(chart, {
    code: 'N17.9',
    display: 'Uspesifisert akutt nyresvikt',
    sinceDaysAgo: 1,
    encounter: 'enc1005',
  })
  writeProcedure(chart, { text: 'Laparoskopisk sigmoidreseksjon', hoursAgo: 74, by: PHYSICIAN })
  writeRounds(chart, {
    from: signs(18, 96, 128, 72, 88, 37.6),
    to: signs(19, 95, 112, 64, 98, 38),
    startHoursAgo: 72,
    endHoursAgo: 1,
    everyHours: 4,
    by: NURSE,
  })
  writePanels(chart, ROLE, 'Morgenprøver', [
    [94, blood(11.6, 9, 7.8, 138, 4.2, 88, 35, 312)],
    [71, blood(10.4, 96, 13.4, 136, 4.5, 97, 31, 280)],
    [47, blood(10.1, 118, 13, 135, 4.9, 112, 30, 288)],
    [23, blood(9.9, 82, 12.7, 134, 5.4, 131, 29, 301)],
  ])
  const latest = orderLaboratory(chart, {
    title: 'Blodprøver, haste',
    hoursAgo: 4.2,
    requester: ROLE,
    urgent: true,
    values: { hemoglobin: 9.8, crp: 64, potassium: 5.9, sodium: 134, creatinine: 142, leukocytes: 12.3, cea: 18 },
    conclusion: 'Kalium 5,9 mmol/L er kritisk høyt og er ringt til avdelingen.',
  })
  const potassium = latest.results.get('potassium')
  writeMessage(chart, {
    from: 'Organization/afa109',
    to: NURSE,
    hoursAgo: 1,
    urgent: true,
    ...(potassium ? { about: [potassium] } : {}),
    text: 'Kritisk svar ringt: kalium 5,9 mmol/L. Mottatt og gjentatt av sykepleier på 5C.',
  })
  orderLaboratory(chart, {
    title: 'Kalium og kreatinin, kontroll',
    hoursAgo: 1.2,
    values: { creatinine: 139, sodium: 135, potassium: 5.5 },
    requester: ROLE,
    urgent: true,
  })
  orderLaboratory(chart, {
    title: 'Leverprøver',
    hoursAgo: 0.5,
    values: { alat: 38, bilirubin: 14, albumin: 29 },
    requester: ROLE,
  })
  orderLaboratory(chart, {
    title: 'Blodprøver i morgen tidlig',
    hoursAgo: 0.1,
    values: blood(10, 50, 11, 136, 4.8, 120, 30, 310),
    requester: ROLE,
  })
  writeReferral(chart, {
    text: 'Tilsyn nyremedisin',
    reason: 'Stigende kreatinin og kalium etter operasjon',
    hoursAgo: 2,
    requester: ROLE,
    performer: 'Organization/afa101',
    about: [kidney],
  })
  writeVikNutrition(chart)
  writeNotes(chart, [
    [
      95,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      `79 år gammel mann til planlagt operasjon for svulst i sigmoideum. Jernmangelanemi.
Ingen fjernmetastaser på CT. Hypertensjon, ellers frisk og oppegående.`,
    ],
    [
      73,
      'progress',
      'Operasjonsnotat',
      PHYSICIAN,
      'Laparoskopisk sigmoidreseksjon med primær anastomose. Blødning 100 ml.',
    ],
    [48, 'nursing', 'Sykepleienotat dag', NURSE, 'Luft i tarmen. Oppe på stol. Drikker lite, kvalm etter frokost.'],
    [22, 'progress', 'Previsitt', PHYSICIAN, 'Stigende kreatinin og kalium. ACE-hemmer seponert, væske intravenøst.'],
    [
      1,
      'nursing',
      'Sykepleienotat',
      NURSE,
      'Lab ringte kalium 5,9. Vakthavende varslet, EKG tatt, kalsiumglukonat klargjort.',
    ],
  ])
  writeCareTeam(chart, 'Behandlingsteam 5C', [
    ['Lege', PHYSICIAN],
    ['Kreftsykepleier', NURSE],
    ['Klinisk ernæringsfysiolog', DIETITIAN],
  ])
  writeAppointment(chart, {
    text: 'Tverrfaglig møte, svar på vevsprøve',
    inHours: 24 * 9,
    minutes: 20,
    unit: 'lok104',
    with: NURSE,
  })
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 60,
    hours: 2,
    class: 'AMB',
    unit: 'lok103',
    responsible: PHYSICIAN,
    reason: 'Blod i avføringen og jernmangel',
    diagnosis: { code: 'D50.0', display: 'Jernmangelanemi etter blodtap' },
    reading: signs(15, 98, 146, 84, 76, 36.7),
    values: { ...blood(10.2, 8, 7.1, 140, 4.1, 86, 38, 398), ferritin: 9, cea: 21 },
    note: {
      type: 'outpatient',
      title: 'Gastrokirurgisk poliklinikk',
      text: 'Koloskopi viser svulst i sigmoideum, biopsi tatt. Pakkeforløp tarmkreft.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 16,
    hours: 3,
    class: 'AMB',
    unit: 'lok104',
    responsible: NURSE,
    reason: 'Utredning tykktarmskreft',
    reading: signs(15, 98, 142, 80, 74, 36.6),
    values: { ...blood(11.3, 7, 7.4, 139, 4.2, 87, 36, 350), cea: 20, alat: 28 },
    note: {
      type: 'outpatient',
      title: 'Kreftpoliklinikken',
      text: 'Adenokarsinom. CT uten fjernmetastaser. Operasjon planlagt. Intravenøst jern gitt.',
    },
  })
  writeImaging(chart, {
    study: 'img1005-1',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    encounter: 'enc1005-3',
    conclusion:
      'Veggfortykkelse i sigmoideum over 4 cm, forenlig med primærtumor. Ingen levermetastaser eller fri væske.',
  })
  writeProblems(chart, [
    ['I10', 'Essensiell hypertensjon', 5200],
    ['N40', 'Prostatahyperplasi', 1500],
  ])
  writeAllergy(chart, {
    substance: 'Skalldyr',
    snomedCode: '735029006',
    category: 'food',
    criticality: 'low',
    reaction: 'Utslett',
    severity: 'mild',
    sinceDaysAgo: 8000,
  })
  writeMedicines(chart, [
    ['Ramipril', 'C09AA05', '5 mg 1 gang daglig', 5000, 1],
    ['Tamsulosin', 'G04CA02', '0,4 mg 1 gang daglig', 1400],
    ['Enoksaparin', 'B01AB05', '40 mg 1 gang daglig', 3],
    ['Jern(III)derisomaltose', 'B03AC', '1000 mg engangsdose', 16, 16],
  ])
}
