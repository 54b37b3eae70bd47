import { randomFrom } from '#src/seed/random.ts'
import type { Phantom, SeriesPlan } from '#src/seed/imaging.ts'
import { drawAbdomen } from './phantom/abdomen.ts'
import { kneeFilm, pelvisFilm } from './phantom/bones.ts'
import { drawChest } from './phantom/chest.ts'
import { chestFilm, type Film } from './phantom/film.ts'
import { drawHead } from './phantom/head.ts'
import { emptyPlane, type Plane, soften } from './phantom/plane.ts'

/** Where the pictures of a series lie in the patient, in millimetres. */
export type Geometry = {
  readonly size: number
  readonly millimetres: number
  /** Height of the first slice, and what the next is lower by; a film has neither. */
  readonly slices: { readonly first: number; readonly spacing: number } | null
}

const VIEW = {
  'chest-ct': 380,
  'abdomen-ct': 380,
  'head-ct': 240,
  scout: 380,
  'chest-cr': 380,
  'pelvis-cr': 420,
  'knee-cr': 300,
} as const

/** Grain of the picture in Hounsfield units; a head is scanned with more dose and read in a narrow window. */
const GRAIN: Readonly<Partial<Record<Phantom['kind'], number>>> = { 'chest-ct': 18, 'abdomen-ct': 12, 'head-ct': 6 }

const isFilm = (phantom: Phantom): boolean => phantom.kind === 'scout' || phantom.kind.endsWith('-cr')

export function geometryOf({ phantom, instances }: SeriesPlan): Geometry {
  const millimetres = VIEW[phantom.kind]
  if (isFilm(phantom)) return { size: 512, millimetres, slices: null }
  const spacing = 5
  return { size: 256, millimetres, slices: { first: ((instances - 1) * spacing) / 2, spacing } }
}

function draw(plane: Plane, phantom: Phantom, z: number): void {
  if (phantom.kind === 'chest-ct') drawChest(plane, phantom, z)
  else if (phantom.kind === 'abdomen-ct') drawAbdomen(plane, z)
  else if (phantom.kind === 'head-ct') drawHead(plane, z)
}

function filmOf(phantom: Phantom, { size, millimetres }: Geometry): Film {
  if (phantom.kind === 'pelvis-cr') return pelvisFilm(phantom.state, size)
  if (phantom.kind === 'knee-cr') return kneeFilm(size)
  const chest = 'emphysema' in phantom ? phantom : { noduleMillimetres: 0, emphysema: false }
  return chestFilm(chest, size, millimetres)
}

/** Little-endian 16-bit samples of the nth image (from 1): Hounsfield units of a slice, 0 to 4095 of a film. */
export function pixelsOf(series: SeriesPlan, number: number): Int16Array<ArrayBuffer> {
  const geometry = geometryOf(series)
  const random = randomFrom(`${series.seriesUid}/${number}`)
  const noise = (width: number): number => (random() + random() - 1) * width
  const samples = new Int16Array(geometry.size ** 2)
  if (geometry.slices === null) {
    const { values } = filmOf(series.phantom, geometry)
    const brightest = values.reduce((most, value) => Math.max(most, value), 1)
    for (const [at, value] of values.entries()) {
      samples[at] = Math.max(0, Math.min(4095, Math.round((value / brightest) * 3900 + noise(45))))
    }
    return samples
  }
  const plane = emptyPlane(geometry.size, geometry.millimetres)
  draw(plane, series.phantom, geometry.slices.first - (number - 1) * geometry.slices.spacing)
  soften(plane)
  const grain = GRAIN[series.phantom.kind] ?? 0
  for (const [at, value] of plane.values.entries()) samples[at] = Math.max(-1024, Math.round(value + noise(grain)))
  return samples
}
