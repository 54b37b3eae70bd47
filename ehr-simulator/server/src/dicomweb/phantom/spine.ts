import type { Ellipse } from './plane.ts'

const VERTEBRA = 26

/** The spine at a height: vertebra or disc, canal, arch and processes. */
export function spineAt(z: number): readonly Ellipse[] {
  const phase = (((z % VERTEBRA) + VERTEBRA) % VERTEBRA) / VERTEBRA
  const disc = phase < 0.22
  const body: readonly Ellipse[] = disc
    ? [{ x: 0, y: 60, rx: 20, ry: 16, value: 95 }]
    : [
        { x: 0, y: 60, rx: 20, ry: 16, value: 620 },
        { x: 0, y: 60, rx: 17.5, ry: 13.5, value: 230 },
      ]
  const arch: readonly Ellipse[] = disc
    ? []
    : [
        { x: -26, y: 82, rx: 17, ry: 4.5, degrees: -12, value: 520 },
        { x: 26, y: 82, rx: 17, ry: 4.5, degrees: 12, value: 520 },
      ]
  return [
    ...body,
    ...arch,
    { x: 0, y: 82, rx: 14, ry: 10, value: 480 },
    { x: 0, y: 82, rx: 8.5, ry: 7, value: 30 },
    { x: 0, y: 100, rx: 3.5, ry: disc ? 5 : 12, value: 450 },
  ]
}
