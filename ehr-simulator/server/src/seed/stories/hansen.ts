import { writeAppointment, writeCareTeam, writeReferral } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeAllergy, writeMessage } from '../clinical.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { orderLaboratory } from '../laboratory.ts'
import { writeWeights } from '../nutrition.ts'
import { writeRounds } from '../rounds.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf101'
const NURSE = 'Practitioner/stf102'
const RADIOLOGIST = 'Practitioner/stf104'
const ROLE = 'PractitionerRole/agb101'

/** HANSEN, Nora: haemoptysis, and a nodule on CT thorax; the radiology story of norway.md §7.6. */
export function hansen(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'IMP',
    unit: 'lok101',
    room: 'lok163',
    startHoursAgo: 26,
    responsible: PHYSICIAN,
    reason: 'Blodig oppspytt og vekttap',
    diagnosis: { code: 'R04.2', display: 'Hemoptyse' },
  })
  writeWeights(
    chart,
    168,
    [
      [420, 71.4],
      [300, 70.9],
      [180, 69.8],
      [90, 67.2],
      [30, 65.1],
      [1, 63.8],
    ],
    NURSE,
  )
  const suspicion = writeCondition(chart, {
    code: 'R91',
    display: 'Unormale funn ved bildediagnostisk undersøkelse av lunge',
    sinceDaysAgo: 1,
    encounter: 'enc1004',
  })
  const report = writeImaging(chart, {
    study: 'img1004-1',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    conclusion: [
      '2,1 cm spikulert fortetning i høyre overlapp, mistenkt primær lungekreft.',
      'Ikke forstørrede lymfeknuter i mediastinum. Ingen pleuravæske.',
      'Sammenlignet med CT fra 2025, da 7 mm på samme sted. Anbefaler pakkeforløp lungekreft.',
    ].join(' '),
  })
  writeMessage(chart, {
    from: RADIOLOGIST,
    to: PHYSICIAN,
    hoursAgo: 18.5,
    urgent: true,
    about: [report],
    text: 'Kritisk funn på CT thorax: spikulert fortetning 2,1 cm i høyre overlapp. Ber om bekreftelse på mottatt svar.',
  })
  writeRounds(chart, {
    from: signs(19, 95, 142, 84, 92, 37.3),
    to: signs(16, 97, 132, 78, 78, 36.9),
    startHoursAgo: 25,
    endHoursAgo: 1,
    everyHours: 4,
    by: NURSE,
  })
  writePanels(chart, ROLE, 'Innkomstprøver', [[25.5, blood(12.6, 18, 8.9, 138, 4.2, 66, 37, 402)]])
  writePanels(chart, ROLE, 'Kontrollprøver', [[8, blood(12.4, 14, 8.1, 139, 4, 64, 36, 391)]])
  orderLaboratory(chart, {
    title: 'Koagulasjon',
    hoursAgo: 25,
    values: { inr: 1, dDimer: 0.4 },
    requester: ROLE,
    urgent: true,
  })
  orderLaboratory(chart, {
    title: 'Kontroll før bronkoskopi',
    hoursAgo: 0.15,
    values: { inr: 1, platelets: 390 },
    requester: ROLE,
  })
  writeReferral(chart, {
    text: 'Pakkeforløp lungekreft, utredning',
    reason: 'Spikulert fortetning 2,1 cm høyre overlapp',
    hoursAgo: 17,
    requester: ROLE,
    performer: 'Organization/afa104',
    about: [suspicion],
  })
  writeReferral(chart, {
    text: 'Bronkoskopi med biopsi',
    reason: 'Utredning av tumor i høyre overlapp',
    hoursAgo: 16,
    requester: ROLE,
    performer: 'Organization/afa101',
    about: [suspicion],
  })
  writeAppointment(chart, { text: 'PET/CT', inHours: 70, minutes: 90, unit: 'lok105', with: RADIOLOGIST })
  writeNotes(chart, [
    [
      25,
      'admission',
      'Innkomstjournal',
      PHYSICIAN,
      `67 år gammel kvinne med blodig oppspytt gjennom to uker og vekttap på 6 kg
siste halvår. Røykt 20 sigaretter daglig til for fem år siden. Ingen feber. Klinisk undersøkelse av lungene uten funn.`,
    ],
    [
      18,
      'progress',
      'Svar på CT',
      PHYSICIAN,
      `CT viser spikulert fortetning i høyre overlapp. Pasienten og datteren er informert av
undertegnede. Pakkeforløp lungekreft startet.`,
    ],
    [
      12,
      'nursing',
      'Sykepleienotat kveld',
      NURSE,
      'Urolig etter samtalen, datteren til stede. Ingen nytt blodig oppspytt.',
    ],
    [
      4,
      'progress',
      'Previsitt',
      PHYSICIAN,
      'Stabil. Bronkoskopi planlegges. PET/CT bestilt. Kan vente hjemme etter visitt.',
    ],
  ])
  writeCareTeam(chart, 'Utredningsteam lunge', [
    ['Lege', PHYSICIAN],
    ['Radiolog', RADIOLOGIST],
    ['Sykepleier', NURSE],
  ])
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 771,
    hours: 2,
    class: 'AMB',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Langvarig hoste',
    diagnosis: { code: 'J42', display: 'Uspesifisert kronisk bronkitt' },
    reading: signs(17, 96, 136, 82, 80, 36.8),
    values: blood(13.4, 6, 7.4, 141, 4.2, 68, 41, 288),
    note: {
      type: 'outpatient',
      title: 'Poliklinisk vurdering',
      text: 'Hoste i tre måneder. Røntgen thorax uten patologi. Røykfri nå.',
    },
  })
  writeImaging(chart, {
    study: 'img1004-3',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    encounter: 'enc1004-2',
    conclusion: 'Normal hjertestørrelse. Ingen infiltrater eller pleuravæske.',
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 421,
    hours: 50,
    class: 'IMP',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Lungebetennelse',
    diagnosis: { code: 'J18.9', display: 'Uspesifisert pneumoni' },
    reading: signs(23, 92, 118, 70, 102, 38.7, 2),
    values: blood(12.9, 142, 13.1, 136, 3.8, 74, 36, 340),
    note: {
      type: 'discharge',
      title: 'Epikrise',
      text: 'Pneumoni, god bedring. CT viser 7 mm knute i høyre overlapp; kontroll om seks måneder anbefalt.',
    },
  })
  writeImaging(chart, {
    study: 'img1004-2',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    encounter: 'enc1004-3',
    conclusion: '7 mm knute i høyre overlapp, uspesifikk. Tilbakedannet infiltrat. Kontroll med CT om seks måneder.',
  })
  writeProblems(chart, [
    ['J44.9', 'Uspesifisert kronisk obstruktiv lungesykdom', 700],
    ['I10', 'Essensiell hypertensjon', 2900],
  ])
  writeAllergy(chart, {
    substance: 'Jodholdig kontrastmiddel',
    snomedCode: '426722004',
    category: 'medication',
    type: 'intolerance',
    criticality: 'low',
    reaction: 'Forbigående kvalme',
    severity: 'mild',
    sinceDaysAgo: 420,
  })
  writeMedicines(chart, [
    ['Tiotropium', 'R03BB04', '2,5 µg, to inhalasjoner 1 gang daglig', 690],
    ['Losartan', 'C09CA01', '50 mg 1 gang daglig', 2800],
    ['Amoksicillin', 'J01CA04', '500 mg 3 ganger daglig', 421, 412],
  ])
}
