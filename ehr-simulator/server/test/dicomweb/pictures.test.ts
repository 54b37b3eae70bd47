import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HeldInstance } from '#src/dicomweb/archive.ts'
import { NODULE_AT } from '#src/dicomweb/phantom/chest.ts'
import { createPixelCache } from '#src/dicomweb/pixel-cache.ts'
import { geometryOf, pixelsOf } from '#src/dicomweb/pixels.ts'
import { type SeriesPlan, studies } from '#src/seed/imaging.ts'
import { patientsOf } from '#src/seed/people.ts'

const seriesOf = (study: string, number: number): SeriesPlan => {
  const series = studies.find((plan) => plan.study === study)?.series[number - 1]
  assert.ok(series, study)
  return series
}
const SLICE = 256

/** Millimetres of tissue along the row through the middle of the nodule, in the slice nearest to it. */
function noduleWidth(series: SeriesPlan): number {
  const { millimetres, slices } = geometryOf(series)
  const number = Math.round(((slices?.first ?? 0) - NODULE_AT[2]) / (slices?.spacing ?? 1)) + 1
  const pixels = pixelsOf(series, number)
  const step = millimetres / SLICE
  const at = (position: number): number => Math.round((position + millimetres / 2) / step - 0.5)
  const row = at(NODULE_AT[1]) * SLICE
  let width = 0
  for (let column = at(NODULE_AT[0] - 40); column < at(NODULE_AT[0] + 30); column += 1) {
    if ((pixels[row + column] ?? 0) > -300) width += step
  }
  return width
}

describe('synthetic pictures', () => {
  test('the CT of today shows a nodule of about 21 mm in the right upper lobe, the one before a small one', () => {
    const today = noduleWidth(seriesOf('img1004-1', 2))
    const before = noduleWidth(seriesOf('img1004-2', 1))
    assert.ok(today > 17 && today < 30, `${today}`)
    assert.ok(before > 3 && before < 12, `${before}`)
  })

  test('a chest slice has air, lung, soft tissue and bone in it', () => {
    const pixels = pixelsOf(seriesOf('img1004-1', 2), 30)
    const share = (from: number, to: number): number =>
      pixels.filter((value) => value >= from && value < to).length / pixels.length
    assert.ok(share(-1025, -950) > 0.3)
    assert.ok(share(-950, -700) > 0.1)
    assert.ok(share(0, 120) > 0.05)
    assert.ok(share(300, 1200) > 0.01)
  })

  test('neighbouring slices differ, and the same slice is the same each time', () => {
    const series = seriesOf('img2003-1', 2)
    assert.deepEqual(pixelsOf(series, 20), pixelsOf(series, 20))
    assert.notDeepEqual(pixelsOf(series, 20), pixelsOf(series, 21))
  })

  test('every series has pictures that are not flat and fit their sixteen bits', () => {
    for (const { series, modality } of studies) {
      for (const plan of series) {
        const pixels = pixelsOf(plan, 1)
        assert.equal(pixels.length, geometryOf(plan).size ** 2)
        const low = pixels.reduce((least, value) => Math.min(least, value))
        const high = pixels.reduce((most, value) => Math.max(most, value))
        assert.ok(high - low > 500, plan.description)
        if (modality === 'CR') assert.ok(low >= 0 && high <= 4095)
      }
    }
  })

  test('the cache draws an image once and keeps no more than it may', () => {
    const plan = studies.find(({ study }) => study === 'img1004-1')
    const patient = patientsOf(plan?.trust ?? '').find((person) => person.patient === plan?.patient)
    assert.ok(plan && patient)
    const series = seriesOf('img1004-1', 2)
    const image = (number: number): HeldInstance => ({
      plan,
      patient,
      taken: new Date(0),
      series,
      number,
      instanceUid: `${number}`,
    })
    const oneImage = SLICE * SLICE * 2
    const pixels = createPixelCache(oneImage * 2)
    const first = pixels(image(1))
    const second = pixels(image(2))
    assert.equal(pixels(image(1)), first)
    pixels(image(3))
    assert.equal(pixels(image(1)), first, 'asked for lately, so kept')
    assert.notEqual(pixels(image(2)), second, 'longest unasked, so dropped')
  })
})
