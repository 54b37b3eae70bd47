import type { Series } from '../imaging/study.ts'

export type WindowLevel = { readonly width: number; readonly level: number }
export type Range = { readonly lower: number; readonly upper: number }

export type Preset = { readonly name: string; readonly window: WindowLevel }

/** Usual windows for CT in Hounsfield units. */
const LUNG: Preset = { name: 'Lunge', window: { width: 1500, level: -600 } }
const SOFT: Preset = { name: 'Bløtvev', window: { width: 400, level: 40 } }
const BRAIN: Preset = { name: 'Hjerne', window: { width: 80, level: 40 } }
const BONE: Preset = { name: 'Bein', window: { width: 1800, level: 400 } }
const SKULL: Preset = { name: 'Bein', window: { width: 2800, level: 600 } }

/** SNOMED CT codes of the parts of the body that have windows of their own. */
const BY_BODY_SITE = new Map<string, readonly Preset[]>([
  ['51185008', [LUNG, SOFT, BONE]],
  ['69536005', [BRAIN, SKULL]],
])

/**
 * The windows worth offering for a series, each chosen by its number key.
 *
 * Only CT is in Hounsfield units, and of CT not the localizer, which is a projection: a series of one image.
 */
export function presetsFor({ modality, instances, bodySite }: Series): readonly Preset[] {
  if (modality !== 'CT' || instances < 2) return []
  return BY_BODY_SITE.get(bodySite) ?? [SOFT, BONE]
}

/** The linear window function of DICOM PS3.3 C.11.2.1.2.1, where a width of w covers w grey values, both ends included. */
export const rangeOf = ({ width, level }: WindowLevel): Range => ({
  lower: level - 0.5 - (width - 1) / 2,
  upper: level - 0.5 + (width - 1) / 2,
})

export const windowOf = ({ lower, upper }: Range): WindowLevel => ({
  width: Math.round(upper - lower + 1),
  level: Math.round((upper + lower + 1) / 2),
})

export const isWindow = (one: WindowLevel, other: WindowLevel | undefined): boolean =>
  one.width === other?.width && one.level === other.level
