import type { Film } from './film.ts'

/** A rounded bone on film: lengths as shares of the film, brightest in the middle or, where hollow, at the rim. */
type Bone = {
  readonly x: number
  readonly y: number
  readonly rx: number
  readonly ry: number
  readonly degrees?: number
  readonly density: number
  readonly hollow?: boolean
}

function add({ size, values }: Film, bone: Bone): void {
  const angle = ((bone.degrees ?? 0) * Math.PI) / 180
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const dx = (column + 0.5) / size - bone.x
      const dy = (row + 0.5) / size - bone.y
      const u = (dx * Math.cos(angle) + dy * Math.sin(angle)) / bone.rx
      const v = (dy * Math.cos(angle) - dx * Math.sin(angle)) / bone.ry
      const distance = u * u + v * v
      if (distance >= 1) continue
      const chord = Math.sqrt(1 - distance)
      // A tube of cortex shows as two bright lines: its chord without that of the marrow.
      const marrow = bone.hollow ? Math.sqrt(Math.max(0, 0.72 - distance)) * 0.75 : 0
      const at = row * size + column
      values[at] = (values[at] ?? 0) + bone.density * (chord - marrow)
    }
  }
}

const film = (size: number): Film => ({ size, values: new Float32Array(size * size) })

const bothSides = (bone: Bone): readonly Bone[] => [
  bone,
  { ...bone, x: 1 - bone.x, ...(bone.degrees === undefined ? {} : { degrees: -bone.degrees }) },
]

const HIP: readonly Bone[] = [
  ...bothSides({ x: 0.27, y: 0.27, rx: 0.17, ry: 0.21, degrees: 28, density: 620 }),
  ...bothSides({ x: 0.27, y: 0.26, rx: 0.17, ry: 0.21, degrees: 28, density: 500, hollow: true }),
  ...bothSides({ x: 0.3, y: 0.5, rx: 0.1, ry: 0.1, density: 520, hollow: true }),
  ...bothSides({ x: 0.4, y: 0.61, rx: 0.11, ry: 0.032, degrees: 24, density: 760 }),
  ...bothSides({ x: 0.37, y: 0.7, rx: 0.1, ry: 0.032, degrees: -38, density: 700 }),
]
const SACRUM: readonly Bone[] = [
  { x: 0.5, y: 0.32, rx: 0.12, ry: 0.2, density: 800 },
  { x: 0.5, y: 0.08, rx: 0.08, ry: 0.1, density: 900 },
]
/** The thigh bone of the film's right side, the patient's left. */
const SOUND_FEMUR: readonly Bone[] = [
  { x: 0.72, y: 0.51, rx: 0.062, ry: 0.062, density: 950 },
  { x: 0.775, y: 0.575, rx: 0.085, ry: 0.042, degrees: 42, density: 760 },
  { x: 0.835, y: 0.63, rx: 0.055, ry: 0.06, density: 700 },
  { x: 0.845, y: 0.88, rx: 0.052, ry: 0.26, degrees: 3, density: 1000, hollow: true },
]

const PATIENTS_RIGHT = {
  // The neck is broken: the shaft has slipped upwards and outwards, and a dark gap runs across.
  fractured: [
    { x: 0.28, y: 0.51, rx: 0.062, ry: 0.062, density: 950 },
    { x: 0.21, y: 0.535, rx: 0.05, ry: 0.042, degrees: -64, density: 700 },
    { x: 0.165, y: 0.565, rx: 0.055, ry: 0.06, density: 720 },
    { x: 0.15, y: 0.82, rx: 0.052, ry: 0.27, degrees: -6, density: 1000, hollow: true },
  ],
  // A metal head on a stem: denser than any bone.
  operated: [
    { x: 0.28, y: 0.51, rx: 0.064, ry: 0.064, density: 3200 },
    { x: 0.225, y: 0.57, rx: 0.07, ry: 0.024, degrees: -45, density: 2900 },
    { x: 0.165, y: 0.76, rx: 0.024, ry: 0.19, degrees: -4, density: 3000 },
    { x: 0.155, y: 0.88, rx: 0.052, ry: 0.26, degrees: -3, density: 1000, hollow: true },
  ],
} as const satisfies Readonly<Record<string, readonly Bone[]>>

const PELVIS_FLESH: readonly Bone[] = [
  { x: 0.5, y: 0.4, rx: 0.62, ry: 0.75, density: 900 },
  ...bothSides({ x: 0.2, y: 0.95, rx: 0.22, ry: 0.5, density: 420 }),
]

export function pelvisFilm(state: 'fractured' | 'operated', size: number): Film {
  const result = film(size)
  for (const bone of [...PELVIS_FLESH, ...HIP, ...SACRUM, ...SOUND_FEMUR, ...PATIENTS_RIGHT[state]]) add(result, bone)
  return result
}

const KNEE: readonly Bone[] = [
  { x: 0.5, y: 0.5, rx: 0.33, ry: 1.1, density: 700 },
  { x: 0.5, y: 0.1, rx: 0.085, ry: 0.42, density: 1100, hollow: true },
  { x: 0.42, y: 0.43, rx: 0.095, ry: 0.09, density: 1000 },
  { x: 0.58, y: 0.43, rx: 0.095, ry: 0.09, density: 1000 },
  { x: 0.5, y: 0.36, rx: 0.07, ry: 0.065, density: 500 },
  { x: 0.5, y: 0.575, rx: 0.18, ry: 0.055, density: 900 },
  { x: 0.5, y: 0.93, rx: 0.085, ry: 0.4, density: 1100, hollow: true },
  { x: 0.675, y: 0.9, rx: 0.03, ry: 0.31, degrees: -3, density: 900, hollow: true },
  { x: 0.675, y: 0.625, rx: 0.04, ry: 0.05, density: 600 },
  // The break in the outer plateau, a thin dark line.
  { x: 0.6, y: 0.585, rx: 0.012, ry: 0.06, degrees: 24, density: -650 },
]

export function kneeFilm(size: number): Film {
  const result = film(size)
  for (const bone of KNEE) add(result, bone)
  return result
}
