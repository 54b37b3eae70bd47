import { ACTIVITIES, type Activity } from '@uthopp/audit/activities'
import type { AuditSearch, Place } from '@uthopp/audit/search'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'

const DEFAULT_COUNT = 50
/** As many names as the directory tells at once. */
const MOST = 100
const DAY_MS = 86_400_000

const PLACE = /^(?<at>\d{1,15})\.(?<sequence>\d{1,15})$/
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/
const DATE =
  /^(?<comparison>ge|gt|le|lt|eq)?(?<moment>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?)$/

export const formatPlace = ({ at, sequence }: Place): string => `${at}.${sequence}`

type Part = Partial<AuditSearch>
type Read = (value: string) => Part | Problem

const idIn = (value: string, type: string): string | undefined => {
  const id = value.startsWith(`${type}/`) ? value.slice(type.length + 1) : value
  return FHIR_ID.test(id) ? id : undefined
}

const patient: Read = (value) => {
  const id = idIn(value, 'Patient')
  return id === undefined ? problem('patient', '`patient` must be the id of a patient') : { patient: id }
}

const agent: Read = (value) => {
  const id = idIn(value, 'Practitioner')
  return id === undefined ? problem('agent', '`agent` must be the id of a person') : { actor: id }
}

/** A day stands for its whole length (FHIR R4 "Search", date); days are of UTC. */
const date: Read = (value) => {
  const { comparison = 'eq', moment = '' } = DATE.exec(value)?.groups ?? {}
  const start = new Date(moment)
  if (Number.isNaN(start.getTime())) return problem('date', '`date` must be a day or a moment with its zone')
  const end = new Date(start.getTime() + (moment.length === 10 ? DAY_MS : 1))
  switch (comparison) {
    case 'ge':
      return { from: start }
    case 'gt':
      return { from: end }
    case 'le':
      return { until: end }
    case 'lt':
      return { until: start }
    default:
      return { from: start, until: end }
  }
}

const count: Read = (value) =>
  /^\d{1,4}$/.test(value) && Number(value) > 0
    ? { count: Math.min(Number(value), MOST) }
    : problem('_count', '`_count` must be a number above 0')

const sort: Read = (value) =>
  value === 'date' || value === '-date'
    ? { newestFirst: value === '-date' }
    : problem('_sort', '`_sort` is `date` or `-date`')

const cursor: Read = (value) => {
  const { at, sequence } = PLACE.exec(value)?.groups ?? {}
  return at === undefined || sequence === undefined
    ? problem('_cursor', '`_cursor` is not one of ours')
    : { after: { at: Number(at), sequence: Number(sequence) } }
}

const activity: Read = (value) => {
  const names = value.split(',')
  const activities = names.filter((name): name is Activity => ACTIVITIES.some((known) => known === name))
  return activities.length === names.length
    ? { activities }
    : problem('activity', '`activity` must name activities of the log')
}

const correlation: Read = (value) =>
  /^[\w-]{1,64}$/.test(value) ? { correlationId: value } : problem('correlation', '`correlation` must be an id')

const PAGING = { _count: count, _cursor: cursor } as const
export const FHIR_QUERY = { patient, agent, date, _sort: sort, ...PAGING } as const
export const ACTIVITY_QUERY = { activity, actor: agent, date, correlation, ...PAGING } as const

/** Reads the parameters of a search of the log; only `date` may come twice, as the two ends of a time. */
export function parseAuditQuery(
  params: URLSearchParams,
  readers: Readonly<Record<string, Read>>,
): AuditSearch | Problem {
  let search: AuditSearch = { newestFirst: true, count: DEFAULT_COUNT }
  const seen = new Map<string, number>()
  for (const [name, value] of params) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (read === undefined) return problem(name, 'an unknown parameter')
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    if (times > (name === 'date' ? 2 : 1)) return problem(name, `\`${name}\` is given too often`)
    const part = read(value)
    if (isProblem(part)) return part
    search = { ...search, ...part }
  }
  return search
}
