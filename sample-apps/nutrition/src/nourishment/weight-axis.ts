import { formatNumber } from '../format.ts'

/** Kilograms between two lines of the weight axis. Whole, so that a line never stands for another weight than it says. */
export const WHOLE_STEPS: readonly number[] = [1, 2, 5, 10, 20, 50]

export const formatWhole = (kilograms: number): string => formatNumber(kilograms, 0)
