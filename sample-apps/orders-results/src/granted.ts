const VERBS = new Map([
  ['c', 'opprette'],
  ['r', 'lese'],
  ['u', 'endre'],
  ['d', 'slette'],
  ['s', 'søke'],
])
const SHAPE = /^(?<level>patient|user)\/(?<type>\w+|\*)\.(?<letters>[cruds]+)(?:\?(?<filter>.+))?$/

/** The granted resource scopes (SMART v2) as short Norwegian lines; other scopes say nothing about data. */
export function grantedLines(scopes: readonly string[]): readonly string[] {
  return scopes.flatMap((scope) => {
    const { type, letters, filter } = SHAPE.exec(scope)?.groups ?? {}
    if (!type || !letters) return []
    const verbs = Array.from(letters, (letter) => VERBS.get(letter)).join(', ')
    return [`${type}${filter ? ` (bare ${decodeURIComponent(filter)})` : ''}: ${verbs}`]
  })
}
