export type WindowLevel = { readonly width: number; readonly level: number }
export type Range = { readonly lower: number; readonly upper: number }

/** Usual windows for CT in Hounsfield units, and the key that chooses each. */
export const PRESETS = [
  { id: 'lunge', name: 'Lunge', key: '1', window: { width: 1500, level: -600 } },
  { id: 'blotvev', name: 'Bløtvev', key: '2', window: { width: 400, level: 40 } },
  { id: 'bein', name: 'Bein', key: '3', window: { width: 1800, level: 400 } },
] as const

/** The linear window function of DICOM PS3.3 C.11.2.1.2.1, where a width of w covers w grey values, both ends included. */
export const rangeOf = ({ width, level }: WindowLevel): Range => ({
  lower: level - 0.5 - (width - 1) / 2,
  upper: level - 0.5 + (width - 1) / 2,
})

export const windowOf = ({ lower, upper }: Range): WindowLevel => ({
  width: Math.round(upper - lower + 1),
  level: Math.round((upper + lower + 1) / 2),
})

export const presetOf = (window: WindowLevel): string =>
  PRESETS.find((preset) => preset.window.width === window.width && preset.window.level === window.level)?.id ?? ''
