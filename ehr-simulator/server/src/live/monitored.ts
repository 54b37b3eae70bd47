import type { Reading } from '#src/seed/news2.ts'
import { randomFrom } from '#src/seed/random.ts'
import { signs } from '#src/seed/rows.ts'
import { AHUS, OUS } from '#src/seed/units.ts'

/** A patient whose monitor sends from an ambulance. */
export type Monitored = {
  readonly patient: string
  readonly encounter: string
  /** Whoever the measurements are performed by. */
  readonly performer: string
  /** What the measurements swing around. */
  readonly around: Reading
}

const transports: Readonly<Record<string, readonly Monitored[]>> = {
  [OUS]: [
    {
      patient: 'cdp1002',
      encounter: 'enc1002',
      performer: 'Practitioner/stf106',
      around: signs(24, 91, 98, 60, 118, 36.4, 2),
    },
    {
      patient: 'cdp1003',
      encounter: 'enc1003',
      performer: 'Practitioner/stf106',
      around: { ...signs(25, 94, 84, 50, 132, 35.9, 10), alert: false },
    },
  ],
  [AHUS]: [
    {
      patient: 'cdp2004',
      encounter: 'enc2004',
      performer: 'Organization/afa205',
      around: signs(25, 93, 94, 54, 120, 36.8, 10),
    },
  ],
}

export const monitoredAt = (orgnr: string): readonly Monitored[] => transports[orgnr] ?? []

/** What the monitor shows at an instant: slow swings and a little noise, the same for the same instant. */
export function readingAt({ patient, around }: Monitored, now: Date): Reading {
  const seconds = now.getTime() / 1000
  const random = randomFrom(`${patient}/${now.getTime()}`)
  const value = (middle: number, swing: number, period: number, noise: number): number =>
    Math.round(middle + swing * Math.sin((2 * Math.PI * seconds) / period) + (random() * 2 - 1) * noise)
  return {
    ...around,
    pulse: value(around.pulse, 5, 170, 1),
    saturation: Math.min(100, value(around.saturation, 1, 310, 0.2)),
    respirations: value(around.respirations, 1.5, 230, 0.2),
    systolic: value(around.systolic, 5, 260, 0.6),
    diastolic: value(around.diastolic, 3, 260, 0.6),
  }
}
