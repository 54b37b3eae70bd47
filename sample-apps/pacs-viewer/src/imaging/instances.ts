import { at, isJson, type Json } from '../smart/json.ts'

/** One image of a series: where its pixels are, and the DICOM JSON that describes them (PS3.18 annex F). */
export type Frame = { readonly address: string; readonly metadata: Json }

const firstValue = (metadata: unknown, tag: string): unknown => at(metadata, tag, 'Value', 0)
const numberOf = (value: unknown): number => {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : Number.POSITIVE_INFINITY
}

const SOP_INSTANCE_UID = '00080018'
const INSTANCE_NUMBER = '00200013'
const UID = /^[\d.]{1,64}$/

/** The frames of one series in reading order; instances without a proper UID are left out. */
export function framesOf(seriesAddress: string, instances: unknown): readonly Frame[] {
  if (!Array.isArray(instances)) return []
  return instances
    .filter(isJson)
    .toSorted((a, b) => numberOf(firstValue(a, INSTANCE_NUMBER)) - numberOf(firstValue(b, INSTANCE_NUMBER)))
    .flatMap((metadata) => {
      const uid = firstValue(metadata, SOP_INSTANCE_UID)
      if (typeof uid !== 'string' || !UID.test(uid)) return []
      return [{ address: `${seriesAddress}/instances/${uid}/frames/1`, metadata }]
    })
}
