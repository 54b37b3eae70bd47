import { writeCarePlan } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeIntakeHistory, writeMealsToday, writeNeeds } from '../intake.ts'
import { orderDiet, writeRiskScreening, writeWeights } from '../nutrition.ts'

const NURSE = 'Practitioner/stf105'
const DIETITIAN = 'Practitioner/stf103'

/** Increasing diet after bowel surgery, low in potassium while the kidneys recover. */
export function writeVikNutrition(chart: Chart): void {
  writeWeights(
    chart,
    178,
    [
      [330, 84.2],
      [200, 83.1],
      [120, 81],
      [60, 79.4],
      [16, 78.2],
      [3, 77.9],
      [1, 77.1],
      [0, 76.8],
    ],
    NURSE,
  )
  writeRiskScreening(chart, {
    hoursAgo: 90,
    by: NURSE,
    age: 1 as const,
    nutrition: [1, 'vekttap over 5 % siste tre måneder'],
    disease: [2, 'større bukkirurgi'],
  })
  writeNeeds(chart, [2300, 92, 2300], DIETITIAN)
  orderDiet(chart, {
    hoursAgo: 46,
    by: 'PractitionerRole/agb103',
    types: ['Fiberfattig kost', 'Kaliumredusert kost'],
    exclude: ['Banan', 'Tørket frukt'],
    instruction: 'Flytende til lunsj, deretter fiberfattig etter toleranse.',
    supplement: { name: 'Næringsdrikk, klar, eple', instruction: '200 ml tre ganger daglig' },
  })
  writeIntakeHistory(
    chart,
    [
      [1120, 44, 1500],
      [760, 30, 1350],
      [300, 8, 900],
    ],
    NURSE,
  )
  writeMealsToday(
    chart,
    [
      { name: 'Frokost', portion: '½', intake: [260, 10, 250] },
      { name: 'Næringsdrikk', portion: '1', intake: [300, 8, 200] },
      { name: 'Suppe', portion: '½', intake: [150, 7, 250] },
    ],
    NURSE,
  )
  writeCarePlan(chart, {
    title: 'Ernæringsplan etter operasjon',
    daysAgo: 2,
    author: DIETITIAN,
    description: 'Økende kost etter sigmoidreseksjon, kaliumredusert til kalium er normalt.',
    goals: ['Minst 75 % av behovet innen fem dager etter operasjonen'],
    activities: [
      { text: 'Registrere matinntak hvert måltid', status: 'in-progress' },
      { text: 'Klar næringsdrikk tre ganger daglig', status: 'in-progress' },
      { text: 'Ny vurdering av kaliumredusert kost', status: 'scheduled' },
    ],
  })
}
