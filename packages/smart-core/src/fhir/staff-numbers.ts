import { hasNationalId, plainDigits } from '../national-id.ts'
import { isRecord, type Resource } from './resource.ts'

type JsonObject = Readonly<Record<string, unknown>>

const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isRecord) : [])

/** Fødselsnummer, D-nummer, felles hjelpenummer, DUF-nummer (norway.md §4.1); HPR numbers are how staff are named. */
const NATIONAL_SYSTEM = /^\s*(?:urn:oid:)?2\.16\.578\.1\.12\.4\.1\.4\.[1235]\s*$/i
/** Their codes in Volven 8116 and 8327, and what HL7 v2 table 0203 has of the kind. */
const NATIONAL_TYPE = /^\s*(?:FNR|DNR|FHN|DUF|SSN|SS|NI|NN[A-Z]{3})\s*$/i

/** Whose an identifier is, by where it stands. `data`: of what happened, not of a person. */
type Whose = 'staff' | 'patient' | 'data' | 'unknown'

const WHOSE: Readonly<Record<string, Whose>> = {
  Patient: 'patient',
  RelatedPerson: 'patient',
  Practitioner: 'staff',
  PractitionerRole: 'staff',
}

/** Elements that say whose chart it is: who is named in them is the patient, unless it is said otherwise. */
const OWNER: ReadonlySet<string> = new Set(['subject', 'patient', 'beneficiary'])

/** A Person is whoever it is linked to, and that may be somebody who works here. */
export const isStaffType = (type: string): boolean => WHOSE[type] === 'staff' || type === 'Person'

export const namesOwner = (element: string): boolean => OWNER.has(element)

export const isNationalSystem = (system: string): boolean => NATIONAL_SYSTEM.test(system)

/** True for eleven digits, in whatever script, grouping or prefix: an HPR number has nine at most. */
export const looksNational = (value: string): boolean =>
  /(?<!\d)\d{11}(?!\d)/.test(plainDigits(value).replaceAll(/[^\p{L}\d]/gu, ''))

/**
 * The resource without the national ids of those who work here, wherever in it they stand; itself where there are none.
 *
 * norway.md 2.4.5 and 5.3.4: a patient sees who it was, never that person's national id. Nobody else needs it to read a chart
 * either, and what keeps the log has it from the host, so it is shown to nobody, its owner included. What patients and their
 * relatives are identified by stays. Words for people may say the same again, so they go where something else does, and where
 * they are about staff and hold such a number themselves.
 */
export function withoutStaffNumbers(resource: Resource): Resource {
  const shown = walk(resource, '', 'data')
  return shown !== resource && isRecord(shown) ? { ...shown, resourceType: resource.resourceType } : resource
}

/** What is left of a value; `undefined` where nothing is. */
function walk(value: unknown, name: string, outer: Whose): unknown {
  if (Array.isArray(value)) {
    const left = value.map((item) => walk(item, name, outer)).filter((item) => item !== undefined)
    return left.length === value.length && left.every((item, index) => item === value[index]) ? value : orNothing(left)
  }
  if (!isRecord(value)) return value
  if (isStaffNumber(value, name, outer)) return undefined
  const whose = whoseIs(value, name, outer)
  const changed = new Map<string, unknown>()
  for (const member of Object.keys(value)) {
    const before = value[member]
    const left = typeof before === 'object' ? walk(before, member, whose) : before
    if (left !== before) changed.set(member, left)
  }
  const isResource = typeof value['resourceType'] === 'string'
  const { text } = value
  if (isResource && text !== undefined && (changed.size > 0 || (whose === 'staff' && tellsNumber(text))))
    changed.set('text', undefined)
  if (changed.size === 0) return value
  const members = Object.entries(value).map(([member, before]): [string, unknown] => [
    member,
    changed.has(member) ? changed.get(member) : before,
  ])
  const left = members.filter(([, member]) => member !== undefined)
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

/** Read as a browser shows it, in cells of their own or run together, and as it is written, attributes included. */
function tellsNumber(narrative: unknown): boolean {
  return stringsIn(narrative).some((markup) =>
    [markup, markup.replaceAll(INLINE, '').replaceAll(MARKUP, ' '), markup.replaceAll(MARKUP, ' ')].some((reading) =>
      hasNationalId(withoutEntities(reading).replaceAll(/\s+/g, ' ')),
    ),
  )
}

const MARKUP = /<!--.*?-->|<[^<>]*>/gs
/** Elements between whose letters a reader sees no gap. */
const INLINE =
  /<!--.*?-->|<\/?(?:a|abbr|acronym|b|bdo|big|cite|code|del|dfn|em|i|ins|kbd|q|samp|small|span|strong|sub|sup|tt|u|var)(?:\s[^<>]*)?\/?>/gis

const withoutEntities = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|[a-z][a-z\d]*);/gi, (_, decimal?: string, hex?: string) => {
    const point = decimal === undefined ? Number.parseInt(hex ?? '20', 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ' '
  })

const stringsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

const orNothing = (left: readonly unknown[]): readonly unknown[] | undefined => (left.length === 0 ? undefined : left)

function whoseIs(value: JsonObject, name: string, outer: Whose): Whose {
  const type = stringOf(value['resourceType'])
  if (type === 'Person') return objectsOf(value['link']).some(isToStaff) ? 'staff' : 'patient'
  if (type !== undefined) return WHOSE[type] ?? 'data'
  const isReference = typeof value['reference'] === 'string' || isRecord(value['identifier'])
  if (!isReference) return outer
  return (
    typesReferred(value)
      .map((referred) => WHOSE[referred])
      .find((whose) => whose !== undefined) ?? (OWNER.has(name) ? 'patient' : 'unknown')
  )
}

const isToStaff = ({ target }: JsonObject): boolean =>
  isRecord(target) && typesReferred(target).some((type) => WHOSE[type] === 'staff')

const typesReferred = ({ reference, type }: JsonObject): readonly string[] => [
  ...(stringOf(type)?.split('/').slice(-1) ?? []),
  ...(stringOf(reference)?.split(/[/?]/) ?? []),
]

function isStaffNumber(value: JsonObject, name: string, whose: Whose): boolean {
  if (whose === 'patient' || (whose === 'data' && name !== 'valueIdentifier')) return false
  const system = stringOf(value['system'])
  if (system !== undefined && isNationalSystem(system)) return true
  if (!/identifier$/i.test(name)) return false
  const codings = isRecord(value['type']) ? objectsOf(value['type']['coding']) : []
  if (codings.some(({ code }) => NATIONAL_TYPE.test(stringOf(code) ?? ''))) return true
  return (whose === 'staff' || system === undefined) && looksNational(stringOf(value['value']) ?? '')
}
