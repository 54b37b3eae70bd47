import { dayAfter } from './times.ts'

/** Public holidays of fixed date, and the two eves on which outpatient clinics are closed. */
const FIXED = new Set(['01-01', '05-01', '05-17', '12-24', '12-25', '12-26', '12-31'])
/** Maundy Thursday, Good Friday, Easter Monday, Ascension Day and Whit Monday, in days from Easter Sunday. */
const FROM_EASTER = [-3, -2, 1, 39, 50]

/** Easter Sunday of a Gregorian year (the anonymous algorithm, Meeus, "Astronomical Algorithms" chapter 8). */
function easter(year: number): string {
  const a = year % 19
  const century = Math.floor(year / 100)
  const c = year % 100
  const f = Math.floor((century + 8) / 25)
  const g = Math.floor((century - f + 1) / 3)
  const h = (19 * a + century - Math.floor(century / 4) - g + 15) % 30
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  const [month, day] = [Math.floor(sum / 31), (sum % 31) + 1].map((part) => String(part).padStart(2, '0'))
  return `${year}-${month}-${day}`
}

/** True of a day, `YYYY-MM-DD`, on which a clinic sees patients. */
export function isWorkday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  if (weekday === 0 || weekday === 6 || FIXED.has(day.slice(5))) return false
  const sunday = easter(Number(day.slice(0, 4)))
  return !FROM_EASTER.some((days) => dayAfter(sunday, days) === day)
}
