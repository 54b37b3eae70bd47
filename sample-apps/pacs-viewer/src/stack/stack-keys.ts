/** Where a key takes the reader of a stack; undefined leaves the key to the browser. */
export function sliceAfter(key: string, index: number, total: number): number | undefined {
  const last = total - 1
  const moves = new Map([
    ['ArrowDown', index + 1],
    ['ArrowUp', index - 1],
    ['PageDown', index + 10],
    ['PageUp', index - 10],
    ['Home', 0],
    ['End', last],
  ])
  const wanted = moves.get(key)
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, 0), last)
}
