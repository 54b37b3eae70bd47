import { type Chest, drawChest } from './chest.ts'
import { emptyPlane } from './plane.ts'

/** A radiograph in the making: densities, brightest where most was in the way. */
export type Film = { readonly size: number; readonly values: Float32Array }

/**
 * The chest seen from the front: what lies along each ray from front to back, added up.
 *
 * Half as many rows are computed as shown; film blurs more than that.
 */
export function chestFilm(chest: Chest, size: number, millimetres: number): Film {
  const coarse = 128
  const rays = new Float32Array(coarse * coarse)
  for (let row = 0; row < coarse; row += 1) {
    const z = millimetres / 2 - ((row + 0.5) * millimetres) / coarse
    const plane = emptyPlane(coarse, millimetres)
    drawChest(plane, chest, z)
    for (let depth = 0; depth < coarse; depth += 1) {
      for (let column = 0; column < coarse; column += 1) {
        const at = row * coarse + column
        rays[at] = (rays[at] ?? 0) + Math.max(0, (plane.values[depth * coarse + column] ?? 0) + 1000)
      }
    }
  }
  return enlarge({ size: coarse, values: rays }, size)
}

function enlarge(film: Film, size: number): Film {
  const values = new Float32Array(size * size)
  const ratio = film.size / size
  for (let row = 0; row < size; row += 1) {
    const y = Math.min(film.size - 1.001, Math.max(0, (row + 0.5) * ratio - 0.5))
    const top = Math.floor(y)
    for (let column = 0; column < size; column += 1) {
      const x = Math.min(film.size - 1.001, Math.max(0, (column + 0.5) * ratio - 0.5))
      const left = Math.floor(x)
      const at = top * film.size + left
      const upper = (film.values[at] ?? 0) * (1 - x + left) + (film.values[at + 1] ?? 0) * (x - left)
      const lower =
        (film.values[at + film.size] ?? 0) * (1 - x + left) + (film.values[at + film.size + 1] ?? 0) * (x - left)
      values[row * size + column] = upper * (1 - y + top) + lower * (y - top)
    }
  }
  return { size, values }
}
