/** A square picture in the making: row by row from the patient's front left corner of the view, values in Hounsfield units. */
export type Plane = { readonly size: number; readonly millimetres: number; readonly values: Float32Array }

const AIR = -1000

export function emptyPlane(size: number, millimetres: number): Plane {
  return { size, millimetres, values: new Float32Array(size * size).fill(AIR) }
}

/** x grows to the patient's left, y to the back; both in millimetres from the middle of the plane. */
export type Ellipse = {
  readonly x: number
  readonly y: number
  readonly rx: number
  readonly ry: number
  readonly degrees?: number
  readonly value: number
  /** Paints only where the plane is darker than this, so that vessels stay within the lungs. */
  readonly onlyBelow?: number
}

/** Paints an ellipse over what is there. */
export function paint({ size, millimetres, values }: Plane, ellipse: Ellipse): void {
  const { x, y, rx, ry, degrees = 0, value, onlyBelow } = ellipse
  if (rx <= 0 || ry <= 0) return
  const step = millimetres / size
  const angle = (degrees * Math.PI) / 180
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  // Implicit form a·dx² + b·dx·dy + c·dy² ≤ 1, solved for dx in each row.
  const a = (cos / rx) ** 2 + (sin / ry) ** 2
  const b = 2 * cos * sin * (1 / rx ** 2 - 1 / ry ** 2)
  const c = (sin / rx) ** 2 + (cos / ry) ** 2
  const reach = Math.sqrt(a / (a * c - (b * b) / 4))
  const column = (millimetre: number): number => (millimetre + millimetres / 2) / step - 0.5
  const firstRow = Math.max(0, Math.ceil(column(y - reach)))
  const lastRow = Math.min(size - 1, Math.floor(column(y + reach)))
  for (let row = firstRow; row <= lastRow; row += 1) {
    const dy = (row + 0.5) * step - millimetres / 2 - y
    const root = (b * dy) ** 2 - 4 * a * (c * dy * dy - 1)
    if (root < 0) continue
    const half = Math.sqrt(root) / (2 * a)
    const middle = x - (b * dy) / (2 * a)
    const start = row * size + Math.max(0, Math.ceil(column(middle - half)))
    const end = row * size + Math.min(size - 1, Math.floor(column(middle + half)))
    if (onlyBelow === undefined) values.fill(value, start, end + 1)
    else for (let at = start; at <= end; at += 1) if ((values[at] ?? 0) < onlyBelow) values[at] = value
  }
}

/** Softens edges by a box of three by three, as a scanner's point spread does. */
export function soften({ size, values }: Plane): void {
  const source = values.slice()
  for (let row = 1; row < size - 1; row += 1) {
    for (let column = 1; column < size - 1; column += 1) {
      const at = row * size + column
      let sum = 0
      for (let dy = -size; dy <= size; dy += size) {
        sum += (source[at + dy - 1] ?? 0) + (source[at + dy] ?? 0) + (source[at + dy + 1] ?? 0)
      }
      values[at] = sum / 9
    }
  }
}
