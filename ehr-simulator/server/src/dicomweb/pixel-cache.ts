import type { HeldInstance } from './archive.ts'
import { pixelsOf } from './pixels.ts'

/** Draws each image when it is first asked for and keeps the latest, as many as fit in `limitBytes`. */
export function createPixelCache(limitBytes: number): (instance: HeldInstance) => Int16Array<ArrayBuffer> {
  const kept = new Map<string, Int16Array<ArrayBuffer>>()
  let bytes = 0
  return ({ instanceUid, series, number }) => {
    const known = kept.get(instanceUid)
    const pixels = known ?? pixelsOf(series, number)
    // A map remembers the order of insertion, so the front is what nobody has asked for longest.
    kept.delete(instanceUid)
    kept.set(instanceUid, pixels)
    if (known) return pixels
    bytes += pixels.byteLength
    for (const [uid, oldest] of kept) {
      if (bytes <= limitBytes || kept.size === 1) break
      kept.delete(uid)
      bytes -= oldest.byteLength
    }
    return pixels
  }
}
