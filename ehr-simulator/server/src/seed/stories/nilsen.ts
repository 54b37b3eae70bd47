import { writeTransport } from '../ambulance.ts'
import { writeAppointment } from '../care.ts'
import { type Chart, reference } from '../chart.ts'
import { writeAllergy, writeFlag, writeMessage } from '../clinical.ts'
import { writeCondition } from '../encounters.ts'
import { giveMedicine } from '../medicines.ts'
import { news2Of } from '../news2.ts'
import { writeRound } from '../round.ts'
import { blood, signs, writeMedicines, writeNotes, writeProblems } from '../rows.ts'
import { writeVisit } from '../visits.ts'

const PHYSICIAN = 'Practitioner/stf201'
const NURSE = 'Practitioner/stf202'

/** NILSEN, Maja: anaphylaxis in ambulance A-318; the live record of Ahus, with critical information. */
export function nilsen(chart: Chart): void {
  writeVisit(chart, {
    suffix: '2',
    daysAgo: 880,
    hours: 12,
    class: 'EMER',
    unit: 'lok201',
    responsible: PHYSICIAN,
    reason: 'Allergisk reaksjon',
    diagnosis: { code: 'T78.0', display: 'Anafylaktisk sjokk ved matvarereaksjon' },
    reading: signs(26, 91, 88, 48, 128, 36.9, 10),
    values: { ...blood(13.4, 3, 11.6, 139, 3.6, 66, 42, 290), tryptase: 24 },
    note: {
      type: 'discharge',
      title: 'Epikrise',
      text: 'Anafylaksi etter cashewnøtter. God effekt av adrenalin. Fått autoinjektor og opplæring.',
    },
  })
  writeVisit(chart, {
    suffix: '3',
    daysAgo: 820,
    hours: 1,
    class: 'AMB',
    unit: 'lok202',
    responsible: PHYSICIAN,
    reason: 'Allergiutredning',
    reading: signs(14, 99, 114, 70, 70, 36.6),
    values: { ...blood(13.2, 1, 6, 140, 4.1, 62, 43, 270), tryptase: 4.2 },
    note: {
      type: 'outpatient',
      title: 'Allergiutredning',
      text: 'Påvist sensibilisering for cashew og pistasj. Kritisk informasjon registrert.',
    },
  })
  writeVisit(chart, {
    suffix: '4',
    daysAgo: 260,
    hours: 1,
    class: 'AMB',
    unit: 'lok202',
    responsible: NURSE,
    reason: 'Kontroll allergi',
    reading: signs(14, 99, 112, 68, 66, 36.5),
    values: blood(13.5, 1, 5.8, 141, 4.2, 60, 44, 268),
    note: { type: 'outpatient', title: 'Kontroll', text: 'Ingen nye reaksjoner. Øvd på autoinjektor.' },
  })
  const latest = signs(25, 93, 92, 54, 122, 36.8, 10)
  const course = [
    signs(30, 88, 78, 42, 138, 36.8, 10),
    signs(28, 90, 82, 44, 134, 36.8, 10),
    signs(26, 92, 88, 50, 126, 36.8, 10),
    latest,
  ]
  writeTransport(chart, {
    vehicle: 'lok251',
    callSign: 'A-318',
    incident: '2671108',
    room: 'lok261',
    urgency: 'red',
    who: 'Kvinne, 21 år',
    problem: 'Anafylaksi etter måltid',
    news2: news2Of(latest).total,
    alarmedMinutesAgo: 14,
    etaMinutes: 12,
  })
  writeCondition(chart, {
    code: 'T78.0',
    display: 'Anafylaktisk sjokk ved matvarereaksjon',
    sinceDaysAgo: 0,
    encounter: 'enc2004',
  })
  writeProblems(chart, [['J45.0', 'Overveiende allergisk astma', 3200]])
  for (const [substance, snomedCode] of [
    ['Cashewnøtt', '227493005'],
    ['Pistasj', '227512001'],
  ] as const) {
    writeAllergy(chart, {
      substance,
      snomedCode,
      category: 'food',
      criticality: 'high',
      severity: 'severe',
      reaction: 'Anafylaksi',
      sinceDaysAgo: 820,
    })
  }
  writeFlag(chart, 'Alvorlig nøtteallergi, tidligere anafylaktisk sjokk')
  writeMedicines(chart, [
    ['Adrenalin autoinjektor', 'C01CA24', '0,3 mg ved anafylaksi', 880],
    ['Salbutamol', 'R03AC02', '0,1 mg ved behov', 3000],
    ['Etinyløstradiol og levonorgestrel', 'G03AA07', '1 tablett daglig', 600],
  ])
  course.forEach((reading, index) => {
    const at = {
      subject: chart.subject,
      encounter: chart.encounter,
      performer: reference('Organization/afa205'),
      effective: chart.at((8 - index * 2) / 60),
    }
    writeRound(chart, at, reading)
  })
  for (const [name, atc, value, unit, route, minutes] of [
    ['Adrenalin', 'C01CA24', 0.5, 'mg', 'intramuskulært', 8],
    ['Adrenalin', 'C01CA24', 0.5, 'mg', 'intramuskulært', 4],
    ['Deksklorfeniramin', 'R06AB02', 5, 'mg', 'intravenøst', 3],
  ] as const) {
    giveMedicine(chart, { name, atc, amount: [value, unit], route, hoursAgo: minutes / 60, by: PHYSICIAN })
  }
  writeMessage(chart, {
    from: 'Organization/afa205',
    to: PHYSICIAN,
    hoursAgo: 3 / 60,
    urgent: true,
    text: 'Anafylaksi, to doser adrenalin gitt. BT stiger, fortsatt stridor. Ber om anestesi i akuttrommet.',
  })
  writeNotes(chart, [
    [
      2 / 60,
      'ambulance',
      'Ambulansejournal, foreløpig',
      PHYSICIAN,
      `Spiste kake med pesto av pistasj på kafé. Hevelse i leppene og tungpust
etter ti minutter. Brukte egen autoinjektor. Meldt av lege i bilen.`,
    ],
  ])
  writeAppointment(chart, {
    text: 'Allergipoliklinikk',
    inHours: 24 * 40,
    minutes: 30,
    unit: 'lok202',
    with: PHYSICIAN,
  })
}
