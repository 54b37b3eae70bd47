import { randomFrom } from '#src/seed/random.ts'
import { type Ellipse, paint, type Plane } from './plane.ts'
import { ellipsoid, ENDLESS, type Point, sliceOf, type Solid, tube } from './solids.ts'
import { spineAt } from './spine.ts'

export type Chest = { readonly noduleMillimetres: number; readonly emphysema: boolean }

const LUNG = -860
const EMPHYSEMA = -890
const CONTRAST = 190
/** Vessels and tumours are painted only on lung. */
const ON_LUNG = -700
/** Middle of the nodule, in the right upper lobe. */
export const NODULE_AT: Point = [-84, -8, 68]

function vessels(): readonly Solid[] {
  const random = randomFrom('pulmonary vessels')
  const between = (low: number, high: number): number => low + random() * (high - low)
  return ([-1, 1] as const).flatMap((side) =>
    Array.from({ length: 34 }, () => {
      const hilum: Point = [side * 38, between(-2, 14), between(-22, 18)]
      const middle: Point = [side * between(58, 88), between(-45, 55), between(-90, 95)]
      const end: Point = [side * between(75, 124), middle[1] + between(-22, 22), middle[2] + between(-30, 30)]
      return [
        ...tube(hilum, middle, [between(3.2, 5.2), 2.2], 45, ON_LUNG),
        ...tube(middle, end, [2.1, 1.1], 20, ON_LUNG),
      ]
    }).flat(),
  )
}

function nodule(millimetres: number): readonly Solid[] {
  if (millimetres === 0) return []
  const radius = millimetres / 2
  const random = randomFrom('spicules')
  const spicules = Array.from({ length: millimetres > 12 ? 16 : 0 }, () => {
    const around = random() * 2 * Math.PI
    const up = (random() - 0.5) * 1.6
    const reach = radius + 5 + random() * 9
    const end: Point = [
      NODULE_AT[0] + Math.cos(around) * reach,
      NODULE_AT[1] + Math.sin(around) * reach,
      NODULE_AT[2] + up * reach * 0.6,
    ]
    return tube(NODULE_AT, end, [2.4, 0.9], 10, ON_LUNG)
  }).flat()
  return [{ ...ellipsoid(NODULE_AT, [radius, radius * 0.92, radius], 42, 20), onlyBelow: ON_LUNG }, ...spicules]
}

function bullae(): readonly Solid[] {
  const random = randomFrom('bullae')
  return Array.from({ length: 46 }, () => {
    const side = random() < 0.5 ? -1 : 1
    const radius = 4 + random() * 11
    const centre: Point = [side * (50 + random() * 60), -40 + random() * 90, 10 + random() * 110]
    return { ...ellipsoid(centre, [radius, radius, radius], -1000), onlyBelow: ON_LUNG }
  })
}

const VESSELS = vessels()

/** From the skin inwards: later solids lie within or in front of earlier ones. */
function solidsOf({ noduleMillimetres, emphysema }: Chest): readonly Solid[] {
  const lung = emphysema ? EMPHYSEMA : LUNG
  const depth = emphysema ? 96 : 84
  return [
    ellipsoid([0, 10, 0], [132, 88, ENDLESS], -60),
    ellipsoid([-70, 6, -8], [62, depth, 150], lung),
    ellipsoid([70, 6, -8], [60, depth, 150], lung),
    ...VESSELS,
    ...(emphysema ? bullae() : []),
    ...nodule(noduleMillimetres),
    // Liver and stomach rise into the base under the diaphragm; a barrel chest presses them down.
    ellipsoid([-66, 4, emphysema ? -192 : -168], [78, 92, 74], 62),
    ellipsoid([70, 8, emphysema ? -196 : -176], [66, 86, 66], 50),
    ellipsoid([62, -30, emphysema ? -186 : -164], [26, 24, 18], -960),
    ellipsoid([0, -2, 20], [30, 58, ENDLESS], 22),
    ellipsoid([24, -34, -78], [58, 50, 66], 48, 32),
    ellipsoid([30, -34, -84], [32, 30, 42], CONTRAST - 30, 32),
    ellipsoid([-16, -34, -66], [24, 26, 36], CONTRAST - 40),
    ellipsoid([-8, -30, 0], [16, 16, 52], CONTRAST),
    ellipsoid([24, 46, -40], [12.5, 12.5, 112], CONTRAST),
    ...tube([-8, -26, 46], [24, 44, 52], [14, 13], CONTRAST),
    ellipsoid([16, -24, 4], [15, 17, 26], CONTRAST + 25),
    ...tube([10, -10, 2], [-46, 8, -4], [11, 7], CONTRAST + 25),
    ...tube([16, -8, 6], [50, 12, 4], [11, 7], CONTRAST + 25),
    ellipsoid([-28, -26, 60], [10, 9, 62], CONTRAST + 60),
    ...tube([0, 12, 170], [0, 14, 22], [9, 9], -985),
    ...tube([0, 14, 22], [-40, 16, -12], [7, 4.5], -980),
    ...tube([0, 14, 22], [44, 18, -16], [6.5, 4.2], -980),
    ellipsoid([9, 38, 0], [6, 5, ENDLESS], 35),
  ]
}

/** The trunk's outline: fat, muscle, shoulder blades, breastbone and collar bones. */
function wallAt(z: number): readonly Ellipse[] {
  const shoulder = Math.max(0, z - 70) / 80
  const width = 170 - shoulder * 22
  return [
    { x: 0, y: 12, rx: width, ry: 116, value: -105 },
    { x: 0, y: 12, rx: width - 11, ry: 106, value: 48 },
    ...(z > 5
      ? ([-1, 1] as const).flatMap((side): Ellipse[] => [
          { x: side * 112, y: 74, rx: 38, ry: 5.5, degrees: side * 38, value: 540 },
          { x: side * 112, y: 74, rx: 35, ry: 2.5, degrees: side * 38, value: 240 },
        ])
      : []),
  ]
}

/** Ribs slope forwards and down, so that a slice cuts several as bright arcs. */
function paintRibs({ size, millimetres, values }: Plane, z: number): void {
  const step = millimetres / size
  for (let row = 0; row < size; row += 1) {
    const y = (row + 0.5) * step - millimetres / 2
    for (let column = 0; column < size; column += 1) {
      const x = (column + 0.5) * step - millimetres / 2
      const outer = (x / 143) ** 2 + ((y - 10) / 97) ** 2
      if (outer > 1 || (x / 132) ** 2 + ((y - 10) / 87) ** 2 < 1 || Math.abs(x) < 16) continue
      const level = (((z - y * 0.75) % 29) + 29) % 29
      if (level > 11) continue
      values[row * size + column] = level < 2 || level > 9 || outer > 0.95 || outer < 0.87 ? 720 : 300
    }
  }
}

/** Draws the chest at a height; the plane is empty before. */
export function drawChest(plane: Plane, chest: Chest, z: number): void {
  for (const ellipse of wallAt(z)) paint(plane, ellipse)
  for (const solid of solidsOf(chest)) {
    const ellipse = sliceOf(solid, z)
    if (ellipse) paint(plane, ellipse)
  }
  paintRibs(plane, z)
  for (const ellipse of spineAt(z)) paint(plane, ellipse)
  if (z > -70 && z < 110) {
    paint(plane, { x: 0, y: -93, rx: 17, ry: 6, value: 520 })
    paint(plane, { x: 0, y: -93, rx: 14, ry: 3.5, value: 200 })
  }
}
