import type { TraceEntry } from '../api/decisions.ts'

/** What of a scope was not given, and the sentence of the rule that kept it. */
export type Withheld = {
  readonly scope: string
  /** The letters that are gone; empty where the scope has none, or where only data were narrowed. */
  readonly letters: readonly string[]
  readonly code: string
  readonly sentence: string
}

const SHAPE = /^(?<level>patient|user|system)\/(?<type>[A-Z]\w*|\*)\.(?<word>[a-z]+|\*)(?<filter>\?.+)?$/
/** SMART App Launch 2.2.0, "Scopes for requesting FHIR Resources": version 1 words as version 2 letters. */
const WORDS = new Map([
  ['read', 'rs'],
  ['write', 'cud'],
  ['*', 'cruds'],
])

type Parsed = { readonly level: string; readonly type: string; readonly letters: string; readonly filter: string }

function parseLetters(scope: string): Parsed | undefined {
  const { level, type, word, filter = '' } = SHAPE.exec(scope)?.groups ?? {}
  return level && type && word ? { level, type, letters: WORDS.get(word) ?? word, filter } : undefined
}

/** True when a granted scope gives this letter for this type at the same level, for all data the asked one is about. */
function gives(granted: string, asked: Parsed, letter: string): boolean {
  const held = parseLetters(granted)
  if (held === undefined || held.level !== asked.level || !held.letters.includes(letter)) return false
  return (held.type === asked.type || held.type === '*') && (held.filter === asked.filter || held.filter === '')
}

export function lettersLost(scope: string, granted: readonly string[]): readonly string[] {
  const asked = parseLetters(scope)
  if (asked === undefined) return []
  return Array.from(asked.letters).filter((letter) => !granted.some((held) => gives(held, asked, letter)))
}

/** Reasons that are no rule of the book: those the authorization server withholds by before policy is asked. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  ['not-understood', 'this is not a scope of SMART App Launch'],
  ['not-registered', 'the app is not registered for this scope'],
  ['narrowed-to-registration', 'only the part the app is registered for was granted'],
  ['backend-only', 'system/ scopes are for client_credentials, not for a launch with a user'],
  ['needs-a-user', 'this scope needs a user, and client_credentials has none'],
  ['user-without-resource', 'the user has no FHIR resource of their own to be told of'],
  ['no-patient-in-context', 'no patient is in context, so there is no one this scope could be about'],
  ['no-encounter-in-context', 'no encounter is in context'],
  ['not-an-ehr-launch', 'this scope belongs to a launch from the host'],
  ['no-refresh-here', 'this app may not have refresh tokens'],
  [
    'not-a-state-code-of-this-app',
    'app state is written under codes whose system is an origin the app is registered at',
  ],
  ['filter-not-enforceable', 'the gateway cannot enforce this constraint, and will not widen it'],
])

const NEVER_ISSUED = 'delete is never issued'
const READS_ONLY = 'user/ scopes are issued for reading and searching only'

/** Each withheld scope by letter; `sentences` are those of the rules, by code. */
export function withheldOf(entry: TraceEntry, sentences: ReadonlyMap<string, string>): readonly Withheld[] {
  return (entry.withheld ?? []).flatMap(({ scope, code }): readonly Withheld[] => {
    const lost = lettersLost(scope, entry.granted ?? [])
    if (code !== 'verb-not-issued')
      return [{ scope, letters: lost, code, sentence: sentences.get(code) ?? SENTENCES.get(code) ?? '' }]
    const deleting = lost.filter((letter) => letter === 'd')
    const writing = scope.startsWith('user/') ? lost.filter((letter) => letter === 'c' || letter === 'u') : []
    return [
      ...(deleting.length === 0 ? [] : [{ scope, letters: deleting, code, sentence: NEVER_ISSUED }]),
      ...(writing.length === 0 ? [] : [{ scope, letters: writing, code, sentence: READS_ONLY }]),
    ]
  })
}
