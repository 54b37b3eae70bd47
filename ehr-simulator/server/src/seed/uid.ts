import { createHash } from 'node:crypto'

/** A DICOM UID that is the same on every machine: DICOM PS3.5 §B.2 (`2.25.` and a 128-bit number), drawn from a name. */
export function uidOf(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return `2.25.${BigInt(`0x${digest}`)}`
}
