/** The words of the host's own access control («kontekstavhengig tilgangsstyring»), beside ours. */
export const ACTIONS = {
  read: 'les',
  search: 'sok',
  create: 'opprett',
  update: 'endre',
  delete: 'slett',
  grantScope: 'tildelRettighet',
  launch: 'startApp',
  selfAuthorize: 'velgGrunnlag',
  breakGlass: 'opphevSperring',
} as const

export const KINDS = { clinician: 'helsepersonell', citizen: 'innbygger', client: 'system' } as const
export const ZONES = { internal: 'intern', external: 'ekstern' } as const
export const LEVELS = { patient: 'pasient', user: 'bruker', system: 'system' } as const
export const EFFECTS = { permit: 'tillatt', deny: 'avslatt' } as const
export const SEMANTICS_WORDS = {
  execute_all: 'alle',
  deny_on_first_deny: 'stansVedAvslag',
  permit_on_first_permit: 'stansVedTillatelse',
} as const
export const OBLIGATIONS = {
  audit: 'logg',
  notify: 'varsle',
  filter: 'filtrer',
  mask: 'masker',
  banner: 'vis',
  'max-age': 'varighet',
} as const
export const REQUESTABLES = { decision: 'grunnlag', 'break-glass': 'opphevSperring' } as const

/** As many questions as are answered at once. */
export const MOST_QUESTIONS = 200

/** As many bytes of questions as are read at once; each says its circumstances itself, so few of a wide app are many bytes. */
export const MOST_BYTES = 512 * 1024

/** Our word for one of theirs; undefined for a word that is none. */
export function ours<const W extends Readonly<Record<string, string>>>(words: W, theirs: unknown): keyof W | undefined {
  return Object.keys(words).find((word) => words[word] === theirs)
}
