import { randomFrom } from '#src/seed/random.ts'
import { paint, type Plane } from './plane.ts'
import { ellipsoid, ENDLESS, type Point, sliceOf, type Solid, tube } from './solids.ts'
import { spineAt } from './spine.ts'

function bowel(): readonly Solid[] {
  const random = randomFrom('bowel')
  return Array.from({ length: 30 }, () => {
    const centre: Point = [(random() - 0.5) * 150, -60 + random() * 70, -120 + random() * 130]
    const radius = 12 + random() * 7
    const inside = random() < 0.35 ? -850 : 25
    return [
      ellipsoid(centre, [radius, radius, radius * 1.4], 90),
      ellipsoid(centre, [radius - 3, radius - 3, radius * 1.4 - 3], inside),
    ]
  }).flat()
}

/** A ring-shaped growth that narrows the sigmoid. */
const TUMOUR: readonly Solid[] = [
  ellipsoid([58, 14, -104], [27, 24, 26], 92),
  ellipsoid([66, 4, -100], [15, 13, 18], 80),
  ellipsoid([58, 14, -104], [5, 6, 30], -700),
]

const SOLIDS: readonly Solid[] = [
  ellipsoid([0, 8, 0], [138, 88, ENDLESS], -95),
  ellipsoid([-72, -8, 74], [84, 82, 88], 112),
  ellipsoid([-40, -38, 48], [17, 14, 22], 12),
  ellipsoid([100, 32, 70], [32, 44, 50], 122),
  ellipsoid([58, -34, 84], [46, 36, 38], 35),
  ellipsoid([58, -52, 84], [32, 14, 26], -950),
  ...tube([-38, 4, 28], [72, 16, 52], [12, 9], 98),
  ellipsoid([-62, 48, 4], [28, 30, 54], 185, -20),
  ellipsoid([-54, 44, 4], [11, 12, 26], 40, -20),
  ellipsoid([64, 48, 14], [28, 30, 54], 185, 20),
  ellipsoid([56, 44, 14], [11, 12, 26], 40, 20),
  ...bowel(),
  ...tube([-112, 12, -90], [-108, 4, -20], [21, 19], 60),
  ...tube([-112, 12, -90], [-108, 4, -20], [16, 15], -720),
  ...tube([116, 22, 60], [108, 24, -80], [17, 16], 60),
  ...tube([116, 22, 60], [108, 24, -80], [12, 11], -780),
  ...TUMOUR,
  ellipsoid([8, 36, 0], [11, 11, ENDLESS], 178),
  ellipsoid([-20, 36, 0], [13, 10, ENDLESS], 150),
  ellipsoid([0, -30, -170], [52, 44, 40], 8),
  ellipsoid([-46, 66, -20], [26, 24, ENDLESS], 58),
  ellipsoid([46, 66, -20], [26, 24, ENDLESS], 58),
]

/** Draws the abdomen at a height; the plane is empty before. */
export function drawAbdomen(plane: Plane, z: number): void {
  paint(plane, { x: 0, y: 8, rx: 170, ry: 120, value: -108 })
  paint(plane, { x: 0, y: 10, rx: 150, ry: 101, value: 55 })
  for (const solid of SOLIDS) {
    const ellipse = sliceOf(solid, z)
    if (ellipse) paint(plane, ellipse)
  }
  if (z < -62) {
    for (const side of [-1, 1]) {
      paint(plane, { x: side * 98, y: 34, rx: 9, ry: 52 + z * 0.1, degrees: side * -34, value: 620 })
      paint(plane, { x: side * 98, y: 34, rx: 5, ry: 47 + z * 0.1, degrees: side * -34, value: 260 })
    }
  }
  for (const ellipse of spineAt(z)) paint(plane, ellipse)
}
