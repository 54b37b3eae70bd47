import { writeTransport } from '../ambulance.ts'
import { type Chart, reference } from '../chart.ts'
import { writeMessage, writeProcedure } from '../clinical.ts'
import { concept, hl7, loinc, quantity } from '../codings.ts'
import { writeCondition } from '../encounters.ts'
import { giveMedicine } from '../medicines.ts'
import { news2Of } from '../news2.ts'
import { writeRound } from '../round.ts'
import { blood, signs, writeMedicines, writeNotes, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf101'
const CREW = 'Practitioner/stf106'
const VITAL = [concept('Vitale tegn', hl7('observation-category', 'vital-signs', 'Vital Signs'))]

/** MOEN, Per: car crash on the E6, the trauma of norway.md §7.2. */
export function moen(chart: Chart): void {
  writeHistory(chart)
  const latest = { ...signs(25, 94, 84, 50, 132, 35.9, 10), alert: false }
  const course = [
    signs(28, 92, 78, 46, 138, 35.8, 10),
    signs(26, 93, 80, 48, 136, 35.8, 10),
    signs(26, 94, 82, 48, 134, 35.9, 10),
    signs(25, 94, 84, 50, 132, 35.9, 10),
    latest,
  ]
  writeTransport(chart, {
    vehicle: 'lok152',
    callSign: 'A-107',
    incident: '2609887',
    room: 'lok161',
    urgency: 'red',
    who: 'Mann, ca. 50 år',
    problem: 'Traume, frontkollisjon E6 i 80 km/t',
    news2: news2Of(latest).total,
    alarmedMinutesAgo: 38,
    etaMinutes: 8,
  })
  writeCondition(chart, { code: 'S72.3', display: 'Brudd i lårbensskaft', sinceDaysAgo: 0, encounter: 'enc1003' })
  writeCondition(chart, { code: 'S36.0', display: 'Skade på milt, mistenkt', sinceDaysAgo: 0, encounter: 'enc1003' })
  course.forEach((reading, index) => {
    const effective = chart.at((22 - index * 5) / 60)
    const at = { subject: chart.subject, encounter: chart.encounter, performer: reference(CREW), effective }
    writeRound(chart, at, { ...reading, alert: false })
    chart.add('obs', {
      resourceType: 'Observation',
      status: 'final',
      category: VITAL,
      subject: chart.subject,
      encounter: chart.encounter,
      effectiveDateTime: effective,
      performer: [reference(CREW)],
      code: concept('EtCO2', loinc('19889-5', 'Carbon dioxide/Gas.total.at end expiration in Exhaled gas')),
      valueQuantity: quantity(Number((3.5 + index * 0.1).toFixed(1)), 'kPa'),
    })
  })
  chart.add('obs', {
    resourceType: 'Observation',
    status: 'final',
    subject: chart.subject,
    encounter: chart.encounter,
    category: [concept('Undersøkelse', hl7('observation-category', 'exam', 'Exam'))],
    code: concept('Glasgow Coma Scale', loinc('9269-2', 'Glasgow coma score total')),
    effectiveDateTime: chart.at(20 / 60),
    performer: [reference(CREW)],
    valueQuantity: quantity(13, 'poeng', '{score}'),
    component: [
      {
        code: concept('Øyeåpning', loinc('9267-6', 'Glasgow coma score eye opening')),
        valueQuantity: quantity(3, 'poeng', '{score}'),
      },
      {
        code: concept('Verbal respons', loinc('9270-0', 'Glasgow coma score verbal')),
        valueQuantity: quantity(4, 'poeng', '{score}'),
      },
      {
        code: concept('Motorisk respons', loinc('9268-4', 'Glasgow coma score motor')),
        valueQuantity: quantity(6, 'poeng', '{score}'),
      },
    ],
  })
  writeProcedure(chart, { text: 'Tourniquet høyre lår', hoursAgo: 24 / 60, by: CREW })
  writeProcedure(chart, { text: 'Bekkenbelte og nakkekrage', hoursAgo: 23 / 60, by: CREW })
  giveMedicine(chart, {
    name: 'Traneksamsyre',
    atc: 'B02AA02',
    amount: [1, 'g'],
    route: 'intravenøst',
    hoursAgo: 20 / 60,
    by: CREW,
  })
  giveMedicine(chart, {
    name: 'Ketamin',
    atc: 'N01AX03',
    amount: [20, 'mg'],
    route: 'intravenøst',
    hoursAgo: 16 / 60,
    by: CREW,
  })
  writeMessage(chart, {
    from: CREW,
    to: PHYSICIAN,
    hoursAgo: 15 / 60,
    urgent: true,
    text: 'Traumealarm. BT 84/50, puls 132, GCS 13. Tourniquet høyre lår. Ber om O-negativt blod klart.',
  })
  writeNotes(chart, [
    [
      10 / 60,
      'ambulance',
      'Ambulansejournal, foreløpig',
      CREW,
      `Fører, frontkollisjon E6, airbag utløst, fastklemt i ti minutter.
Åpent brudd høyre lår, øm venstre side av magen. Tourniquet, traneksamsyre 1 g og 500 ml Ringer.`,
    ],
  ])
}

function writeHistory(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 2450,
    hours: 4,
    class: 'EMER',
    unit: 'lok101',
    responsible: PHYSICIAN,
    reason: 'Kuttskade i venstre hånd',
    diagnosis: { code: 'S61.0', display: 'Åpent sår i finger' },
    reading: signs(14, 99, 132, 80, 74, 36.7),
    values: blood(15.3, 2, 6.2, 141, 4, 88, 44, 251),
    note: {
      type: 'progress',
      title: 'Notat fra akuttmottak',
      text: 'Rent kutt, sener og følelse intakt. Sydd med fire sting, stivkrampevaksine gitt.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 640,
    hours: 1,
    class: 'AMB',
    unit: 'lok102',
    responsible: PHYSICIAN,
    reason: 'Knesmerter',
    diagnosis: { code: 'M23.2', display: 'Meniskskade etter tidligere rift' },
    reading: signs(14, 98, 136, 84, 70, 36.5),
    values: { ...blood(15.1, 3, 6.6, 140, 4.1, 90, 43, 246), hba1c: 36 },
    note: {
      type: 'outpatient',
      title: 'Ortopedisk poliklinikk',
      text: 'Degenerativ meniskskade. Trening hos fysioterapeut, ikke operasjon nå.',
    },
  })
  writeProblems(chart, [['J45.9', 'Uspesifisert astma', 9000]])
  writeMedicines(chart, [['Salbutamol', 'R03AC02', '0,1 mg inhalasjon ved behov', 3000]])
}
