import { dateAt, type Json, textAt } from '../smart/json.ts'
import { type News2, parseNews2 } from './news2.ts'
import { type Consciousness, parseConsciousness, parseSign, type Point, type Sign } from './signs.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR
/** Servers may commit two writes out of order within moments, so each question reaches a little back. */
const OVERLAP = 1000

/** The last hour of one patient, in memory only; older points go, except the last one of each sign for a day. */
export type LastHour = {
  readonly points: ReadonlyMap<Sign, readonly Point[]>
  readonly consciousness: Consciousness | undefined
  readonly news2: News2 | undefined
  /** Newest `meta.lastUpdated` seen, by the server's clock. */
  readonly updated: Date | undefined
  /** Versions seen inside the overlap. */
  readonly seen: ReadonlyMap<string, number>
}

export const NOTHING_YET: LastHour = {
  points: new Map(),
  consciousness: undefined,
  news2: undefined,
  updated: undefined,
  seen: new Map(),
}

/** Of two, the one taken last; nothing older than a day. */
function newer<T extends { readonly at: Date }>(known: T | undefined, found: T | undefined, now: Date): T | undefined {
  const latest = found && (!known || found.at >= known.at) ? found : known
  return latest && now.getTime() - latest.at.getTime() <= DAY ? latest : undefined
}

/** Takes in what a poll brought; versions already seen change nothing. */
export function takeIn(hour: LastHour, observations: readonly Json[], now: Date): LastHour {
  const points = new Map(hour.points)
  const seen = new Map(hour.seen)
  let { consciousness, news2, updated } = hour
  for (const observation of observations) {
    const version = `${textAt(observation, 'id')} ${textAt(observation, 'meta', 'versionId')}`
    if (seen.has(version)) continue
    const changed = dateAt(observation, 'meta', 'lastUpdated')
    seen.set(version, changed?.getTime() ?? 0)
    if (changed && (!updated || changed > updated)) updated = changed
    news2 = newer(news2, parseNews2(observation), now)
    consciousness = newer(consciousness, parseConsciousness(observation), now)
    const measured = parseSign(observation)
    if (measured) points.set(measured.sign, [...(points.get(measured.sign) ?? []), measured.point])
  }
  for (const [sign, list] of points) points.set(sign, withinHour(list, now))
  const oldest = (updated?.getTime() ?? 0) - 5 * OVERLAP
  return {
    points,
    consciousness: newer(consciousness, undefined, now),
    news2: newer(news2, undefined, now),
    updated,
    seen: new Map([...seen].filter(([, time]) => time >= oldest)),
  }
}

function withinHour(points: readonly Point[], now: Date): readonly Point[] {
  const age = (point: Point): number => now.getTime() - point.at.getTime()
  const sorted = points.filter((point) => age(point) <= DAY).toSorted((a, b) => age(b) - age(a))
  const start = sorted.findIndex((point) => age(point) <= HOUR)
  return start === -1 ? sorted.slice(-1) : sorted.slice(start)
}

/** From where the next poll asks; undefined asks for everything recent. */
export const askFrom = (hour: LastHour): string | undefined =>
  hour.updated && new Date(hour.updated.getTime() - OVERLAP).toISOString()

/** When the newest measurement on screen was taken. */
export function newestTaken(hour: LastHour): Date | undefined {
  const newest = [...hour.points.values()].flatMap((points) => points.at(-1)?.at.getTime() ?? [])
  return newest.length === 0 ? undefined : new Date(Math.max(...newest))
}
