import type { VitalKey, VitalSeries } from '../api/overview.ts'
import { formatNumber } from '../format/numbers.ts'

const NAMES: { readonly [key in VitalKey]: string } = {
  news2: 'NEWS2',
  respiration: 'Respirasjonsfrekvens',
  spo2: 'SpO₂',
  oxygen: 'Oksygen',
  bloodPressure: 'Blodtrykk',
  pulse: 'Puls',
  consciousness: 'Bevissthet',
  temperature: 'Temperatur',
  weight: 'Vekt',
}

export const vitalName = (key: VitalKey): string => NAMES[key]

/** `118`, `142/86` for a blood pressure, a word for who is awake. */
export function formatPoint(
  { key, word }: Pick<VitalSeries, 'key' | 'word'>,
  { value, lower }: VitalSeries['points'][number],
): string {
  if (key === 'consciousness') return word ?? (value === 1 ? 'Våken' : 'Endret bevissthet')
  return lower === null ? formatNumber(value) : `${formatNumber(value)}/${formatNumber(lower)}`
}
