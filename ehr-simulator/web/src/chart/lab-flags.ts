import type { LabResult } from '../api/overview.ts'

type Flag = NonNullable<LabResult['flag']>

const WORDS: { readonly [flag in Flag]: string } = {
  H: 'Høy',
  L: 'Lav',
  HH: 'Kritisk høy',
  LL: 'Kritisk lav',
  A: 'Avvik',
}

export const formatFlag = (flag: Flag): string => WORDS[flag]
export const isCritical = (flag: LabResult['flag']): boolean => flag === 'HH' || flag === 'LL'
