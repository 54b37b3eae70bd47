import type { VitalKey, VitalSeries } from '../api/overview.ts'
import { formatNumber } from '../format/numbers.ts'

const NAMES: { readonly [key in VitalKey]: string } = {
  news2: 'NEWS2',
  respiration: 'Respirasjonsfrekvens',
  spo2: 'SpO₂',
  bloodPressure: 'Blodtrykk',
  pulse: 'Puls',
  temperature: 'Temperatur',
  weight: 'Vekt',
}

export const vitalName = (key: VitalKey): string => NAMES[key]

/** `118`, or `142/86` for a blood pressure. */
export const formatPoint = ({ value, lower }: VitalSeries['points'][number]): string =>
  lower === null ? formatNumber(value) : `${formatNumber(value)}/${formatNumber(lower)}`
