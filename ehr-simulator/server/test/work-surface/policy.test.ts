import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { workSurfaceCsp } from '#src/work-surface/policy.ts'
import { formatPhone } from '#src/work-surface/chart.ts'
import { decimalsIn, formatRange } from '#src/work-surface/labs.ts'
import { thin } from '#src/work-surface/vitals.ts'
import { startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

describe('the content security policy of the work surface', () => {
  const directives = () =>
    new Map(
      workSurfaceCsp(world.deployment)
        .split('; ')
        .map((one) => [one.split(' ')[0], one.split(' ').slice(1)]),
    )

  test('frames the authorization server and the apps, and nothing else', () => {
    assert.deepEqual(directives().get('frame-src'), [world.authorizationServer.address, 'http://127.0.0.1:9'])
  })

  test('runs nothing inline and nothing foreign', () => {
    assert.deepEqual(directives().get('script-src'), ["'self'"])
    assert.deepEqual(directives().get('style-src'), ["'self'"])
    assert.equal(workSurfaceCsp(world.deployment).includes('unsafe'), false)
  })

  test('lets a launch go on to the app: no form-action, which Chromium applies to redirects', () => {
    assert.equal(directives().has('form-action'), false)
  })

  test('is itself framed by nobody', () => assert.deepEqual(directives().get('frame-ancestors'), ["'none'"]))
})

describe('small decisions of the chart', () => {
  test('a reference range is written without its unit', () => {
    assert.equal(formatRange({ low: { value: 3.5 }, high: { value: 10 } }, 1), '3,5–10,0')
    assert.equal(formatRange({ high: { value: 5 } }, 0), '< 5')
    assert.equal(formatRange({ low: { value: 90 } }, 0), '> 90')
    assert.equal(formatRange({ text: 'negativ' }, 0), 'negativ')
    assert.equal(formatRange(undefined, 0), '')
  })

  test('every answer of an analysis has the decimals of the finest', () => {
    assert.equal(decimalsIn([4, 4.2, 3.8, null]), 1)
    assert.equal(decimalsIn([1, 0.9, undefined]), 1)
    assert.equal(decimalsIn([391, 145]), 0)
    assert.equal(decimalsIn([0.05, 2]), 2)
  })

  test('a telephone number is written as it is read aloud', () => {
    assert.equal(formatPhone('+4768052004'), '+47 68 05 20 04')
    assert.equal(formatPhone('+46701234567'), '+46701234567')
    assert.equal(formatPhone(''), '')
  })

  test('a monitor’s many points are thinned between the first and the last', () => {
    const points = Array.from({ length: 500 }, (_, index) => index)
    const few = thin(points, 80)
    assert.deepEqual([few.length, few[0], few.at(-1)], [80, 0, 499])
    assert.deepEqual(thin([1, 2], 80), [1, 2])
  })
})
