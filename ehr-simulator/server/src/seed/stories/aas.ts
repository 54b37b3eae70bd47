import { writeAppointment, writeCarePlan, writeCareTeam, writeReferral } from '../care.ts'
import { type Chart, reference } from '../chart.ts'
import { writeAllergy, writeMessage, writeProcedure } from '../clinical.ts'
import { concept, hl7, localIdentifier } from '../codings.ts'
import { writeCondition, writeStay } from '../encounters.ts'
import { writeImaging } from '../imaging-resources.ts'
import { writeWeights } from '../nutrition.ts'
import { writePatientReport } from '../patient-reported.ts'
import { clinicHoursAgo } from '../plausible-times.ts'
import { blood, signs, writeMedicines, writeNotes, writePanels, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const NURSE = 'Practitioner/stf105'
const DIETITIAN = 'Practitioner/stf103'
const RADIOLOGIST = 'Practitioner/stf104'
const ROLE = 'PractitionerRole/agb105'

/** AAS, Ingrid: breast cancer, answers from home; the MyPath story of norway.md §7.5. */
export function aas(chart: Chart): void {
  writeHistory(chart)
  writeStay(chart, {
    class: 'AMB',
    unit: 'lok104',
    startHoursAgo: clinicHoursAgo(chart, 1, 60),
    responsible: NURSE,
    reason: 'Kontroll før kur 5',
    diagnosis: { code: 'C50.4', display: 'Ondartet svulst i brystets øvre ytre kvadrant' },
  })
  writeWeights(
    chart,
    170,
    [
      [118, 72.8],
      [62, 72.1],
      [41, 71.4],
      [20, 70.6],
      [0, 70.1],
    ],
    NURSE,
  )
  const neuropathy = writeCondition(chart, {
    code: 'G62.0',
    display: 'Legemiddelutløst polynevropati',
    sinceDaysAgo: 21,
    encounter: 'enc1006',
  })
  writePatientReport(chart, 24 * 58, [2, 3, 1, 3, 3, 5])
  writePatientReport(chart, 24 * 44, [3, 4, 2, 3, 3, 5])
  writePatientReport(chart, 24 * 30, [3, 4, 4, 4, 3, 4])
  writePatientReport(chart, 24 * 16, [4, 5, 3, 4, 4, 5])
  writePatientReport(chart, 38, [6, 7, 3, 5, 4, 6])
  const plan = writeCarePlan(chart, {
    title: 'Behandlingsplan MyPath',
    daysAgo: 58,
    author: NURSE,
    addresses: [neuropathy],
    description: 'Pasientsentrert forløp under cellegiftbehandling, med pasientens egne mål.',
    goals: ['Gå tur 20 min daglig', 'Sove minst seks timer sammenhengende', 'Være med i barnebarnets bursdag'],
    activities: [
      { text: 'Svare på spørsmål hjemme to dager før hver time', status: 'in-progress' },
      { text: 'Fysioterapeut: tilpasset styrketrening', status: 'in-progress' },
      { text: 'Samtale med psykolog', status: 'scheduled' },
      { text: 'Vurdere dosereduksjon ved økende smerter', status: 'not-started' },
    ],
  })
  writeMessage(chart, {
    from: NURSE,
    to: chart.subject.reference,
    hoursAgo: 36,
    about: [plan],
    text: 'Takk for svarene. Vi ser at smerter og trøtthet har økt og tar det opp i timen.',
  })
  writeReferral(chart, {
    text: 'Fysioterapi',
    reason: 'Nedsatt fysisk funksjon under behandling',
    hoursAgo: 24 * 28,
    requester: ROLE,
    performer: 'Organization/afa104',
    completed: true,
  })
  writeReferral(chart, {
    text: 'Samtale med psykolog',
    reason: 'Psykisk belastning 6 av 10',
    hoursAgo: 0.8,
    requester: ROLE,
    performer: 'Organization/afa104',
  })
  writePanels(chart, ROLE, 'Blodprøver før kur', [
    [24 * 63, blood(13.1, 3, 6.4, 141, 4.1, 66, 42, 262)],
    [24 * 42, blood(12.2, 6, 4.1, 140, 4, 64, 40, 212)],
    [24 * 21, blood(11.6, 9, 3.2, 140, 3.9, 65, 39, 186)],
    [22, blood(11.1, 12, 2.8, 139, 3.8, 67, 38, 171)],
  ])
  writeNotes(chart, [
    [
      0.6,
      'outpatient',
      'Kontroll før kur 5',
      NURSE,
      `Økende smerter i fingre og føtter, mer trøtt enn ved forrige kur. Går tur de fleste dager,
men kortere enn målet på 20 minutter. Sover dårlig. Avtalt ny vurdering med lege av dosen.`,
    ],
  ])
  writeCareTeam(chart, 'MyPath-team', [
    ['Kreftsykepleier', NURSE],
    ['Klinisk ernæringsfysiolog', DIETITIAN],
  ])
  writeAppointment(chart, { text: 'Kur 5', inHours: 46, minutes: 240, unit: 'lok104', with: NURSE })
  writeAppointment(chart, { text: 'Samtale med psykolog', inHours: 24 * 6, minutes: 45, unit: 'lok104', with: NURSE })
  chart.add('sam', {
    resourceType: 'Consent',
    status: 'active',
    patient: chart.subject,
    dateTime: chart.at(24 * 60),
    identifier: [localIdentifier('rek', '2025/448812')],
    scope: concept('Forskning', hl7('consentscope', 'research', 'Research')),
    category: [
      concept(
        'Samtykke til deltakelse i MyPath, ISRCTN15235259',
        hl7('v3-ActCode', 'RESEARCH', 'research information access'),
      ),
    ],
    performer: [chart.subject],
    organization: [reference('Organization/aks101')],
    policyRule: concept('Helseforskningsloven'),
    provision: { type: 'permit', period: { start: chart.day(60) } },
  })
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 118,
    hours: 2,
    class: 'AMB',
    unit: 'lok104',
    responsible: NURSE,
    reason: 'Funn ved mammografi',
    reading: signs(14, 99, 134, 80, 72, 36.6),
    values: blood(13.6, 2, 6.6, 141, 4.2, 66, 43, 270),
    note: {
      type: 'outpatient',
      title: 'Første konsultasjon',
      text: 'Svulst 2,4 cm i høyre bryst. Biopsi viser karsinom, HER2-negativ. Pakkeforløp brystkreft.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 96,
    hours: 48,
    class: 'IMP',
    unit: 'lok103',
    responsible: 'Practitioner/stf101',
    reason: 'Brystbevarende operasjon',
    diagnosis: { code: 'C50.4', display: 'Ondartet svulst i brystets øvre ytre kvadrant' },
    reading: signs(15, 98, 128, 76, 76, 36.9),
    values: blood(12.9, 14, 8.2, 140, 4, 64, 39, 290),
    note: {
      type: 'discharge',
      title: 'Epikrise',
      text: 'Brystbevarende kirurgi, vaktpostlymfeknute med metastase. Henvises til cellegift.',
    },
  })
  writeProcedure(chart, {
    text: 'Brystbevarende reseksjon høyre side',
    hoursAgo: 95 * 24,
    by: 'Practitioner/stf101',
    encounter: 'enc1006-3',
  })
  for (const [suffix, daysAgo, course] of [
    ['4', 62, 1],
    ['5', 41, 2],
    ['6', 30, 3],
    ['7', 20, 4],
  ] as const) {
    writeVisit(chart, {
      suffix,
      daysAgo,
      hours: 5,
      class: 'AMB',
      unit: 'lok104',
      responsible: NURSE,
      reason: `Cellegift, kur ${course}`,
      reading: signs(15, 98, 126, 76, 74 + course * 2, 36.7),
      note: {
        type: 'outpatient',
        title: `Kur ${course}`,
        text: `Kur ${course} gitt uten komplikasjoner. Kvalmestillende etter skjema.`,
      },
    })
  }
  writeImaging(chart, {
    study: 'img1006-1',
    requester: ROLE,
    radiologist: RADIOLOGIST,
    encounter: 'enc1006-4',
    conclusion: 'Ingen tegn til metastaser i thorax. Postoperative forandringer i høyre bryst.',
  })
  writeProblems(chart, [['G47.0', 'Forstyrrelser av innsovning og søvn', 50]])
  writeAllergy(chart, {
    substance: 'Plaster',
    snomedCode: '1003755004',
    category: 'environment',
    criticality: 'low',
    reaction: 'Kontakteksem',
    severity: 'mild',
    sinceDaysAgo: 3000,
  })
  writeMedicines(chart, [
    ['Paklitaksel', 'L01CD01', '175 mg/m2 hver tredje uke', 62],
    ['Ondansetron', 'A04AA01', '8 mg 2 ganger daglig på kurdager', 62],
    ['Paracetamol', 'N02BE01', '1 g inntil 4 ganger daglig', 30],
    ['Gabapentin', 'N02BF01', '300 mg til natten', 16],
  ])
}
