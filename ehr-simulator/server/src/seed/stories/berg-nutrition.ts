import { writeCarePlan, writeReferral } from '../care.ts'
import type { Chart } from '../chart.ts'
import { writeIntakeHistory, writeMealsToday, writeNeeds } from '../intake.ts'
import { orderDiet, writeRiskScreening, writeWeights } from '../nutrition.ts'

const NURSE = 'Practitioner/stf102'
const DIETITIAN = 'Practitioner/stf103'

/** Malnutrition after a hip fracture, with the numbers of norway.md §7.3. */
export function writeBergNutrition(chart: Chart, nuts: string, malnutrition: string): void {
  // 52.3 kg three months ago, 48.2 kg now: 4.1 kg or 7.8 % lost.
  const weights = [
    [365, 54.1],
    [300, 53.8],
    [210, 53.2],
    [150, 52.9],
    [92, 52.3],
    [62, 51],
    [33, 49.6],
    [3, 48.6],
    [2, 48.4],
    [1, 48.3],
    [0, 48.2],
  ] as const
  writeWeights(chart, 162, weights, NURSE)
  writeRiskScreening(chart, {
    hoursAgo: 46,
    by: NURSE,
    age: 1 as const,
    nutrition: [3, 'KMI under 18,5 og nedsatt allmenntilstand'],
    disease: [1, 'hoftebrudd'],
  })
  writeNeeds(chart, [1446, 58, 1446], DIETITIAN)
  orderDiet(chart, {
    hoursAgo: 22,
    by: 'PractitionerRole/agb103',
    types: ['Energi- og næringstett kost'],
    texture: 'IDDSI 5, finhakket og fuktig',
    exclude: ['Nøtter'],
    allergies: [nuts],
    instruction: 'Små, hyppige måltider. Ingen nøtter eller spor av nøtter.',
    supplement: { name: 'Næringsdrikk 2 kcal/ml, jordbær', instruction: '125 ml to ganger daglig mellom måltidene' },
  })
  writeIntakeHistory(
    chart,
    [
      [980, 41, 1180],
      [860, 36, 1050],
      [540, 21, 900],
    ],
    NURSE,
  )
  writeMealsToday(
    chart,
    [
      { name: 'Frokost', portion: '½', intake: [210, 8, 220] },
      { name: 'Næringsdrikk', portion: '½', intake: [125, 5, 80] },
      { name: 'Lunsj', portion: '¼', intake: [145, 6, 200] },
      { name: 'Kaffe og havregrøt', portion: '½', intake: [140, 5, 200] },
    ],
    NURSE,
  )
  writeReferral(chart, {
    text: 'Vurdering ved klinisk ernæringsfysiolog',
    reason: 'NRS-2002 skår 5',
    hoursAgo: 45,
    completed: true,
    requester: 'PractitionerRole/agb102',
    performer: DIETITIAN,
    about: [malnutrition],
  })
  writeCarePlan(chart, {
    title: 'Ernæringsplan',
    daysAgo: 1,
    author: DIETITIAN,
    addresses: [malnutrition],
    description: 'Moderat underernæring etter hoftebrudd. Øke inntaket til 75 % av behovet innen tre dager.',
    goals: ['Energiinntak minst 1085 kcal daglig innen tre dager', 'Vekten stabil eller stigende ved utskriving'],
    activities: [
      { text: 'Registrere matinntak hvert måltid', status: 'in-progress' },
      { text: 'Næringsdrikk 125 ml to ganger daglig', status: 'in-progress' },
      { text: 'Veie hver morgen', status: 'in-progress' },
      { text: 'Ny NRS-2002 om en uke', status: 'scheduled' },
      { text: 'Ernæringsstatus i epikrisen', status: 'not-started' },
    ],
  })
}
