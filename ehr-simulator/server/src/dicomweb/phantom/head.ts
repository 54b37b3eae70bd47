import { paint, type Plane } from './plane.ts'
import { ellipsoid, sliceOf, type Solid } from './solids.ts'

const SOLIDS: readonly Solid[] = [
  ellipsoid([0, 0, -5], [80, 100, 88], 25),
  ellipsoid([0, 0, -5], [75, 95, 82], 1050),
  ellipsoid([0, 0, -5], [68, 88, 75], 33),
  ellipsoid([0, 0, -5], [62, 81, 68], 29),
  // Grey matter within, ventricles and cisterns with fluid.
  ellipsoid([-22, 4, 4], [12, 22, 18], 37, -12),
  ellipsoid([22, 4, 4], [12, 22, 18], 37, 12),
  ellipsoid([-11, -18, 18], [5, 22, 12], 7, 14),
  ellipsoid([11, -18, 18], [5, 22, 12], 7, -14),
  ellipsoid([-18, 36, 12], [6, 17, 10], 7, -18),
  ellipsoid([18, 36, 12], [6, 17, 10], 7, 18),
  ellipsoid([0, 6, 2], [2.5, 13, 8], 7),
  ellipsoid([0, 48, -42], [48, 34, 26], 36),
  ellipsoid([0, 34, -38], [9, 7, 10], 8),
]

/** Draws the head at a height; the plane is empty before. */
export function drawHead(plane: Plane, z: number): void {
  for (const solid of SOLIDS) {
    const ellipse = sliceOf(solid, z)
    if (ellipse) paint(plane, ellipse)
  }
  if (z > 20) paint(plane, { x: 0, y: 0, rx: 1.2, ry: 74, value: 55, onlyBelow: 60 })
}
