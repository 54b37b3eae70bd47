import type { Permission } from './permission.ts'
import type { ResourceScope } from './resource-scope.ts'
import type { FhircastScope, IdentityScope, RefreshScope, Scope } from './scope.ts'
import { isOnlyForState, type StateCode, stateCodesOf } from './state-code.ts'
import { TYPE_NAMES } from './type-names.ts'

/** The languages of our screens: Norwegian bokmål for clinicians, English for developers. */
export type Language = 'nb' | 'en'
type Words = Readonly<Record<Language, string>>

const VERBS: Readonly<Record<Permission, Words>> = {
  r: { nb: 'lese', en: 'read' },
  s: { nb: 'søke i', en: 'search' },
  c: { nb: 'opprette', en: 'create' },
  u: { nb: 'endre', en: 'change' },
  d: { nb: 'slette', en: 'delete' },
}
const VERB_ORDER: readonly Permission[] = ['r', 's', 'c', 'u', 'd']

const LEVELS: Readonly<Record<ResourceScope['level'], Words>> = {
  patient: { nb: 'for pasienten som er åpen', en: 'of the open patient' },
  user: { nb: 'for pasienter du selv har tilgang til', en: 'of patients you may see yourself' },
  system: { nb: 'uten at noen er logget inn', en: 'without anybody signed in' },
}

const IDENTITY: Readonly<Record<IdentityScope['name'], Words>> = {
  openid: { nb: 'vite at du er logget inn', en: 'know that you are signed in' },
  fhirUser: { nb: 'vite hvem du er', en: 'know who you are' },
  profile: { nb: 'vite hvem du er', en: 'know who you are' },
}

const REFRESH: Readonly<Record<RefreshScope['name'], Words>> = {
  offline_access: { nb: 'beholde tilgangen når du ikke er til stede', en: 'keep access when you are away' },
  online_access: { nb: 'beholde tilgangen mens du er logget inn', en: 'keep access while you are signed in' },
}

/** One sentence about what a scope lets an app do; no screen words this itself. */
export function describeScope(scope: Scope, language: Language): string {
  const sentence = phrase(scope, language)
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function phrase(scope: Scope, language: Language): string {
  switch (scope.kind) {
    case 'resource':
      return resourcePhrase(scope, language)
    case 'identity':
      return IDENTITY[scope.name][language]
    case 'refresh':
      return REFRESH[scope.name][language]
    case 'launch':
      return { nb: 'åpnes fra journalen', en: 'be opened from the chart' }[language]
    case 'launch-context':
      return contextPhrase(scope.type, language)
    case 'fhircast':
      return fhircastPhrase(scope, language)
    case 'messaging':
      return { nb: `snakke med journalen (${scope.name})`, en: `talk to the chart (${scope.name})` }[language]
    case 'extension':
      return { nb: `bruke ${scope.name}`, en: `use ${scope.name}` }[language]
  }
}

function resourcePhrase(scope: ResourceScope, language: Language): string {
  const state = isOnlyForState(scope) ? stateCodesOf(scope) : undefined
  if (state !== undefined) return statePhrase(state, scope.level === 'user', language)
  const verbs = VERB_ORDER.filter((letter) => scope.permissions.includes(letter)).map((l) => VERBS[l][language])
  const parts = [joined(verbs, language), typeName(scope.resourceType, language), LEVELS[scope.level][language]]
  const only = scope.filters.map(([param, value]) => condition(param, value, language))
  return parts.join(' ') + (only.length === 0 ? '' : `, ${joined(only, language)}`)
}

/** What an app keeps here is its own; the person wants to know that, and about whom. */
function statePhrase({ code }: StateCode, aboutUser: boolean, language: Language): string {
  const about = aboutUser
    ? { nb: 'deg og pasienten som er åpen', en: 'you and the open patient' }
    : { nb: 'pasienten som er åpen', en: 'the open patient' }
  const name = code === '' ? '' : ` (${code})`
  return {
    nb: `lagre egne opplysninger${name} om ${about.nb}`,
    en: `keep notes of its own${name} about ${about.en}`,
  }[language]
}

/** SAL-62: a wildcard means what exists now and what may come. */
function typeName(type: string, language: Language): string {
  if (type === '*')
    return { nb: 'alle opplysninger, også nye typer,', en: 'all data, future kinds included,' }[language]
  return TYPE_NAMES[type]?.[language] ?? type
}

function condition(param: string, value: string, language: Language): string {
  const codes = value.split(',').map((one) => one.slice(one.lastIndexOf('|') + 1) || one)
  const either = codes.join({ nb: ' eller ', en: ' or ' }[language])
  return { nb: `kun der ${param} er ${either}`, en: `only where ${param} is ${either}` }[language]
}

function contextPhrase(type: string, language: Language): string {
  if (type === 'patient') return { nb: 'vite hvilken pasient som er åpen', en: 'know which patient is open' }[language]
  if (type === 'encounter')
    return { nb: 'vite hvilken kontakt som er åpen', en: 'know which encounter is open' }[language]
  return { nb: `vite hvilken ${type} som er åpen`, en: `know which ${type} is open` }[language]
}

function fhircastPhrase({ event, access }: FhircastScope, language: Language): string {
  const what = event === '*' ? { nb: 'alle hendelser', en: 'all events' }[language] : event
  switch (access) {
    case 'read':
      return { nb: `følge med på ${what}`, en: `follow ${what}` }[language]
    case 'write':
      return { nb: `melde ${what}`, en: `announce ${what}` }[language]
    case '*':
      return { nb: `følge med på og melde ${what}`, en: `follow and announce ${what}` }[language]
  }
}

function joined(words: readonly string[], language: Language): string {
  const last = words.at(-1) ?? ''
  const and = { nb: ' og ', en: ' and ' }[language]
  return words.length < 2 ? last : words.slice(0, -1).join(', ') + and + last
}
