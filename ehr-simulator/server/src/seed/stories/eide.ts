import { writeCareTeam } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeProcedure } from '../clinical.ts'
import { writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { orderDiet } from '../nutrition.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf101'
const NURSE = 'Practitioner/stf102'
const ROLE = 'PractitionerRole/agb102'
/** Volven 9603: blocked by the patient; the one code that limits clinicians (norway.md §4.3). */
const BLOCKED = { code: 'NORS', display: 'Sperret av pasienten' }

/** EIDE, Ola: works at this hospital and has had parts of his record blocked. */
export function eide(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok102',
    room: 'lok166',
    startHoursAgo: 54,
    responsible: PHYSICIAN,
    reason: 'Vridningstraume i venstre kne, brudd i tibiaplatået',
    diagnosis: { code: 'S82.1', display: 'Brudd i øvre ende av tibia' },
  })
  writeImaging(chart, {
    study: 'img1007-1',
    requester: 'PractitionerRole/agb101',
    radiologist: 'Practitioner/stf104',
    conclusion: 'Lite dislokert brudd i laterale tibiakondyl. Ingen hydrops av betydning.',
  })
  writeProcedure(chart, { text: 'Plateosteosyntese venstre tibia', hoursAgo: 40, by: PHYSICIAN })
  writeRounds(chart, {
    from: signs(16, 97, 134, 82, 86, 37.5),
    to: signs(14, 98, 128, 78, 70, 36.8),
    startHoursAgo: 53,
    endHoursAgo: 1,
    everyHours: 6,
    by: NURSE,
  })
  writePanels(chart, ROLE, 'Kontroll', [
    [53, blood(14.9, 6, 9.8, 140, 4.1, 82, 43, 255)],
    [28, blood(13.6, 48, 10.2, 139, 4, 80, 40, 248)],
    [7, blood(13.4, 36, 8.4, 140, 4.2, 79, 39, 262)],
  ])
  orderDiet(chart, {
    hoursAgo: 52,
    by: ROLE,
    types: ['Vegetarkost'],
    exclude: ['Kjøtt', 'Fisk'],
    instruction: 'Vegetar, spiser egg og melk.',
  })
  writeNotes(chart, [
    [
      52,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      'Vridningstraume på ski. Hevelse og smerte over laterale tibiakondyl. Ansatt ved sykehuset.',
    ],
    [39, 'progress', 'Operasjonsnotat', PHYSICIAN, 'Plateosteosyntese uten komplikasjoner. Avlastning seks uker.'],
    [20, 'nursing', 'Sykepleienotat', NURSE, 'Smerter 4 av 10, mobilisert med krykker. Ber om enerom.'],
    [5, 'progress', 'Previsitt', PHYSICIAN, 'Fin fremgang. Hjemreise i morgen, fysioterapi og kontroll avtales.'],
  ])
  writeCareTeam(chart, 'Behandlingsteam 4B', [
    ['Lege', PHYSICIAN],
    ['Sykepleier', NURSE],
  ])
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 400,
    hours: 1,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Søvnvansker og nedstemthet',
    diagnosis: { code: 'F32.1', display: 'Moderat depressiv episode' },
    reading: signs(14, 99, 124, 78, 66, 36.5),
    values: { ...blood(14.8, 1, 5.9, 141, 4.3, 81, 45, 240), tsh: 1.6 },
    note: {
      type: 'outpatient',
      title: 'Samtale',
      text: 'Nedstemt gjennom vinteren etter konflikt på arbeidsplassen. Behandling startet.',
      withheld: BLOCKED,
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 340,
    hours: 1,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Kontroll',
    reading: signs(14, 99, 122, 76, 64, 36.6),
    values: blood(15, 1, 6.1, 141, 4.2, 82, 45, 244),
    note: {
      type: 'outpatient',
      title: 'Samtale, kontroll',
      text: 'God bedring. Avslutter behandlingen om tre måneder.',
      withheld: BLOCKED,
    },
  })
  writeVisit(chart, {
    suffix: '4',
    daysAgo: 120,
    hours: 1,
    class: 'AMB',
    unit: 'lok102',
    responsible: PHYSICIAN,
    reason: 'Skuldersmerter',
    reading: signs(14, 99, 126, 78, 68, 36.6),
    values: blood(14.9, 2, 6.3, 140, 4.2, 80, 44, 250),
    note: {
      type: 'outpatient',
      title: 'Ortopedisk poliklinikk',
      text: 'Overbelastning, øvelser gitt. Ingen videre kontroll.',
    },
  })
  writeProblems(chart, [['J30.1', 'Allergisk rhinitt som skyldes pollen', 6000]])
  writeAllergy(chart, {
    substance: 'Bjørkepollen',
    snomedCode: '256277009',
    category: 'environment',
    criticality: 'low',
    reaction: 'Rennende nese og øyne',
    severity: 'mild',
    sinceDaysAgo: 6000,
  })
  writeMedicines(chart, [
    ['Cetirizin', 'R06AE07', '10 mg ved behov', 6000],
    ['Escitalopram', 'N06AB10', '10 mg 1 gang daglig', 400, 230],
    ['Paracetamol', 'N02BE01', '1 g 4 ganger daglig', 2],
    ['Dalteparin', 'B01AB04', '5000 IE 1 gang daglig', 2],
  ])
}
