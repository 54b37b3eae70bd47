import type { Ellipse } from './plane.ts'

/** A point of the body: x to the patient's left, y to the back, z towards the head, in millimetres. */
export type Point = readonly [x: number, y: number, z: number]

/** What a body is built of; a slice through each is an ellipse. */
export type Solid = {
  readonly centre: Point
  readonly radii: Point
  readonly degrees?: number
  readonly value: number
  readonly onlyBelow?: number
}

/** Longer than any view: a solid that is the same in every slice. */
export const ENDLESS = 100_000

export const ellipsoid = (centre: Point, radii: Point, value: number, degrees = 0): Solid => ({
  centre,
  radii,
  value,
  degrees,
})

/** A tube as a string of balls, from one radius to another. */
export function tube(
  from: Point,
  to: Point,
  radii: readonly [number, number],
  value: number,
  onlyBelow?: number,
): readonly Solid[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2])
  const count = Math.max(2, Math.ceil(length / Math.max(1.5, Math.min(...radii))))
  return Array.from({ length: count + 1 }, (_, index) => {
    const share = index / count
    const at = (axis: 0 | 1 | 2): number => from[axis] + (to[axis] - from[axis]) * share
    const radius = radii[0] + (radii[1] - radii[0]) * share
    return {
      centre: [at(0), at(1), at(2)],
      radii: [radius, radius, radius],
      value,
      ...(onlyBelow === undefined ? {} : { onlyBelow }),
    }
  })
}

/** The ellipse a solid leaves in the slice at a height, or undefined when the slice misses it. */
export function sliceOf({ centre, radii, degrees, value, onlyBelow }: Solid, z: number): Ellipse | undefined {
  const height = (z - centre[2]) / radii[2]
  if (height <= -1 || height >= 1) return undefined
  const scale = Math.sqrt(1 - height * height)
  return {
    x: centre[0],
    y: centre[1],
    rx: radii[0] * scale,
    ry: radii[1] * scale,
    value,
    ...(degrees === undefined ? {} : { degrees }),
    ...(onlyBelow === undefined ? {} : { onlyBelow }),
  }
}
