const VERBS = new Map([
  ['c', 'opprette'],
  ['r', 'lese'],
  ['u', 'endre'],
  ['d', 'slette'],
  ['s', 'søke'],
])
/** What clinicians call the kinds of resource these apps ask for; another kind keeps its own name. */
const KINDS = new Map([
  ['Patient', 'Pasientopplysninger'],
  ['Encounter', 'Kontakter'],
  ['Condition', 'Diagnoser'],
  ['Observation', 'Målinger og svar'],
  ['DiagnosticReport', 'Undersøkelsessvar'],
  ['DeviceMetric', 'Medisinsk utstyr'],
  ['ServiceRequest', 'Bestillinger'],
  ['Specimen', 'Prøver'],
  ['Task', 'Oppgaver'],
  ['QuestionnaireResponse', 'Spørreskjema'],
  ['CarePlan', 'Behandlingsplaner'],
  ['Goal', 'Mål'],
])
const FILTERS = new Map([
  ['category=laboratory', 'laboratorium'],
  ['category=survey', 'pasientens svar og skår'],
])
const SHAPE = /^(?<level>patient|user)\/(?<type>\w+|\*)\.(?<letters>[cruds]+)(?:\?(?<filter>.+))?$/

/** The granted resource scopes (SMART v2) as short Norwegian lines; other scopes say nothing about data. */
export function grantedLines(scopes: readonly string[]): readonly string[] {
  return scopes.flatMap((scope) => {
    const { type, letters, filter } = SHAPE.exec(scope)?.groups ?? {}
    if (!type || !letters) return []
    const verbs = Array.from(letters, (letter) => VERBS.get(letter)).join(', ')
    const only = filter && (FILTERS.get(decodeURIComponent(filter)) ?? decodeURIComponent(filter))
    return [`${KINDS.get(type) ?? type}${only ? ` (bare ${only})` : ''}: ${verbs}`]
  })
}
