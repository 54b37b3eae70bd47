import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isoDay } from '../src/format.ts'
import { allergiesOf, dietsOf, nutritionDiagnosesOf, openActionsOf } from '../src/nourishment/diet.ts'
import { intakeOn, needOf, sumOf } from '../src/nourishment/intake.ts'
import { atRisk, isOverdue, riskOf } from '../src/nourishment/risk.ts'
import { weightsOf } from '../src/nourishment/weight.ts'
import { formatWhole, WHOLE_STEPS } from '../src/nourishment/weight-axis.ts'

const code = (value: string, text?: string) => ({ coding: [{ code: value }], ...(text ? { text } : {}) })
const quantity = (value: number) => ({ valueQuantity: { value } })
const weighed = (day: string, kilograms: number, more = {}) => ({
  code: code('29463-7'),
  status: 'final',
  effectiveDateTime: `${day}T08:00:00+02:00`,
  ...quantity(kilograms),
  ...more,
})

describe('weight', () => {
  test('every line of the axis says exactly the weight it stands at', () => {
    for (const step of WHOLE_STEPS) {
      for (let line = 0; line <= 200; line += step) assert.equal(Number(formatWhole(line)), line)
    }
  })

  test('the loss counts from the first weight of the last three months, as BERG lost 4,1 kg (7,8 %)', () => {
    const { loss, weights } = weightsOf([
      weighed('2026-04-28', 48.2),
      weighed('2025-10-01', 54.1),
      weighed('2026-03-15', 50.2),
      weighed('2026-01-28', 52.3),
    ])
    assert.equal(loss?.kilograms.toFixed(1), '4.1')
    assert.equal(loss?.percent.toFixed(1), '7.8')
    assert.deepEqual(
      weights.map((weight) => weight.value),
      [54.1, 52.3, 50.2, 48.2],
    )
  })

  test('a gain is no loss, and one weight says nothing', () => {
    assert.equal(weightsOf([weighed('2026-04-01', 50), weighed('2026-04-28', 51)]).loss, undefined)
    assert.equal(weightsOf([weighed('2026-04-28', 51)]).loss, undefined)
  })

  test('BMI is computed when the recorded one is older than the weight', () => {
    const height = { ...weighed('2025-10-01', 162), code: code('8302-2') }
    const oldBmi = { ...weighed('2025-10-01', 20.6), code: code('39156-5') }
    assert.equal(weightsOf([weighed('2026-04-28', 48.2), height, oldBmi]).bmi?.toFixed(1), '18.4')
  })

  test('a weight entered in error is not drawn', () => {
    assert.equal(weightsOf([weighed('2026-04-28', 482, { status: 'entered-in-error' })]).weights.length, 0)
  })
})

const meal = (at: string, energy: number, protein?: number) => ({
  code: code('meal', 'Frokost'),
  status: 'final',
  effectiveDateTime: at,
  component: [
    { code: code('9052-2'), ...quantity(energy) },
    ...(protein === undefined ? [] : [{ code: code('protein-intake'), ...quantity(protein) }]),
    { code: code('portion'), valueString: '½' },
  ],
})

describe('intake', () => {
  test('meals of the Norwegian day are added up, and what nobody recorded stays unknown', () => {
    const eaten = [
      meal('2026-04-29T08:00:00+02:00', 300, 12),
      meal('2026-04-29T12:00:00+02:00', 320),
      meal('2026-04-28T23:59:00+02:00', 999),
    ]
    const { meals, total } = intakeOn('2026-04-29', eaten, isoDay)
    assert.deepEqual(total, { energy: 620, protein: 12, fluid: undefined })
    assert.deepEqual(
      meals.map((found) => [found.name, found.portion]),
      [
        ['Frokost', '½'],
        ['Frokost', '½'],
      ],
    )
  })

  test('a recorded total of the day wins over the sum of the meals', () => {
    const total = {
      code: code('9052-2'),
      status: 'final',
      effectivePeriod: { start: '2026-04-28T22:00:00Z', end: '2026-04-29T13:00:00Z' },
      ...quantity(640),
    }
    assert.equal(intakeOn('2026-04-29', [meal('2026-04-29T08:00:00+02:00', 300), total], isoDay).total.energy, 640)
  })

  test('nothing recorded is not zero', () => {
    assert.deepEqual(sumOf([]), { energy: undefined, protein: undefined, fluid: undefined })
    assert.equal(sumOf([{ energy: 0, protein: undefined, fluid: undefined }]).energy, 0)
  })

  test('the newest need counts', () => {
    const need = (at: string, value: number) => ({
      code: code('energy-need'),
      effectiveDateTime: at,
      ...quantity(value),
    })
    assert.equal(needOf([need('2026-04-20', 1600), need('2026-04-27', 1446)]).energy, 1446)
  })
})

describe('risk', () => {
  const scored = (at: string, total: number) => ({
    code: code('75303-8'),
    effectiveDateTime: at,
    valueInteger: total,
    component: [{ code: code('nrs2002-nutrition'), valueInteger: 3 }],
  })

  test('the newest score counts, three or more is a risk, and a week is its life', () => {
    const risk = riskOf([scored('2026-04-20T10:00:00Z', 2), scored('2026-04-27T10:00:00Z', 5)])
    assert.ok(risk && atRisk(risk) && risk.nutrition === 3 && risk.disease === undefined)
    assert.equal(isOverdue(risk, new Date('2026-05-04T09:59:00Z')), false)
    assert.equal(isOverdue(risk, new Date('2026-05-04T10:01:00Z')), true)
    assert.equal(riskOf([]), undefined)
  })
})

describe('diet and what must be kept away', () => {
  test('only orders in force are served', () => {
    const order = (status: string) => ({
      id: status,
      status,
      oralDiet: { type: [{ text: 'Næringstett' }], texture: [{ modifier: { text: 'IDDSI 5' } }] },
      excludeFoodModifier: [{ text: 'Nøtter' }],
    })
    const [diet, ...others] = dietsOf([order('completed'), order('active')])
    assert.deepEqual(
      [diet?.types, diet?.textures, diet?.excluded, others],
      [['Næringstett'], ['IDDSI 5'], ['Nøtter'], []],
    )
  })

  test('dangerous allergies stand first, refuted and resolved ones nowhere', () => {
    const allergy = (id: string, criticality: string, verification = 'confirmed', clinical = 'active') => ({
      id,
      criticality,
      code: { text: id },
      verificationStatus: code(verification),
      clinicalStatus: code(clinical),
    })
    const found = allergiesOf([
      allergy('melk', 'low'),
      allergy('nøtter', 'high'),
      allergy('egg', 'high', 'refuted'),
      allergy('fisk', 'high', 'confirmed', 'resolved'),
    ])
    assert.deepEqual(
      found.map((one) => one.name),
      ['nøtter', 'melk'],
    )
  })

  test('done and cancelled actions are not open, nor those of plans that ended', () => {
    const activity = (status: string) => ({ detail: { status, description: status } })
    const plans = [
      { status: 'active', activity: [activity('in-progress'), activity('completed'), activity('cancelled')] },
      { status: 'revoked', activity: [activity('not-started')] },
    ]
    assert.deepEqual(openActionsOf(plans), [{ text: 'in-progress', state: 'Pågår' }])
  })

  test('only diagnoses about nourishment are shown', () => {
    const condition = (value: string) => ({ code: code(value, `Tilstand ${value}`) })
    assert.deepEqual(nutritionDiagnosesOf([condition('E44.0'), condition('S72.0'), condition('R63.4')]), [
      'Tilstand E44.0 (E44.0)',
      'Tilstand R63.4 (R63.4)',
    ])
  })
})
