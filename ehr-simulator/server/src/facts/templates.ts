import type { RoleFacts, RoleKind } from '@uthopp/policy/facts'
import { ACUTE, DOCUMENTS, ENQUIRIES, EVERYTHING } from './elements.ts'
import { isClinical } from './implicit-decisions.ts'

export type DialogTemplateId =
  | 'TILSYN'
  | 'DELBEHAN'
  | 'HENV_PAS'
  | 'HENV_PAA'
  | 'HENV_BEH'
  | 'MELDT'
  | 'EGENLAER'
  | 'BLAALYS'

/** A ground for access that somebody may choose where no ordinary one covers (norway.md §6.3). */
export type DialogTemplate = {
  readonly id: DialogTemplateId
  readonly title: string
  /** When it is meant to be used. */
  readonly hint: string
  readonly lastsMs: number
  readonly reasonRequired: boolean
  /** Once, with a reason of its own. */
  readonly renewable: boolean
  readonly elements: readonly string[]
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const shared = { reasonRequired: true, renewable: false } as const
const enquiry = { ...shared, lastsMs: 2 * HOUR_MS, elements: DOCUMENTS } as const

/** In the order in which they are shown: the emergency last, for when nothing else fits. */
export const DIALOG_TEMPLATES: readonly DialogTemplate[] = [
  {
    ...shared,
    id: 'TILSYN',
    title: 'Tilsyn',
    hint: 'Du er bedt om å se på pasienten ved en annen enhet.',
    lastsMs: 48 * HOUR_MS,
    elements: EVERYTHING,
  },
  {
    ...shared,
    id: 'DELBEHAN',
    title: 'Deltar i behandlingen',
    hint: 'Du deltar i behandlingen nå, uten at pasienten hører til din enhet.',
    lastsMs: 24 * HOUR_MS,
    elements: EVERYTHING,
  },
  { ...enquiry, id: 'HENV_PAS', title: 'Henvendelse fra pasienten', hint: 'Pasienten har tatt kontakt.' },
  { ...enquiry, id: 'HENV_PAA', title: 'Henvendelse fra pårørende', hint: 'En pårørende har tatt kontakt.' },
  { ...enquiry, id: 'HENV_BEH', title: 'Henvendelse fra behandler', hint: 'En annen behandler har tatt kontakt.' },
  {
    ...shared,
    id: 'MELDT',
    title: 'Meldt pasient',
    hint: 'Pasienten er meldt fra legevakt, AMK eller ambulanse, men er ikke registrert ennå.',
    lastsMs: 24 * HOUR_MS,
    elements: ACUTE,
  },
  {
    ...shared,
    id: 'EGENLAER',
    title: 'Egen læring',
    hint: 'Du vil lære av behandling du selv har gitt. Gjelder bare her i journalen, ikke i apper.',
    lastsMs: 30 * MINUTE_MS,
    elements: EVERYTHING,
  },
  {
    ...shared,
    id: 'BLAALYS',
    title: 'Blålys – akutt helsehjelp',
    hint: 'Pasienten trenger akutt helsehjelp, og ingen andre grunnlag passer.',
    lastsMs: 60 * MINUTE_MS,
    renewable: true,
    elements: EVERYTHING,
  },
]

export const findTemplate = (id: string): DialogTemplate | undefined => DIALOG_TEMPLATES.find((each) => each.id === id)

/** What a decision says it is for, in the codes a token request is held to. */
export function purposeOf(template: DialogTemplateId, role: RoleFacts): string {
  switch (template) {
    case 'BLAALYS':
    case 'MELDT':
      return 'ETREAT'
    case 'EGENLAER':
      return 'TRAIN'
    case 'TILSYN':
    case 'DELBEHAN':
      return 'TREAT'
    case 'HENV_PAS':
    case 'HENV_PAA':
    case 'HENV_BEH':
      return isClinical(role) ? 'TREAT' : 'COC'
  }
}

/**
 * What a decision opens to this role. The table gives whoever answers a call documents (norway.md §6.3), and the norm gives
 * administrative staff no clinical notes (§6.2.2): the narrower counts.
 */
export const elementsFor = ({ elements }: DialogTemplate, role: RoleFacts): readonly string[] =>
  elements === DOCUMENTS && !isClinical(role) ? ENQUIRIES : elements

const SPECIALISTS: ReadonlySet<RoleKind> = new Set(['physician', 'dietitian'])

/** Which role may take which decision: the same answers as the rules `ask-*` of the rule book, for what is shown. */
export function mayUse(template: DialogTemplateId, role: RoleFacts): boolean {
  switch (template) {
    case 'TILSYN':
      return SPECIALISTS.has(role.kind)
    case 'DELBEHAN':
    case 'EGENLAER':
      return isClinical(role)
    case 'HENV_PAS':
    case 'HENV_PAA':
    case 'HENV_BEH':
      return isClinical(role) || role.kind === 'secretary'
    case 'MELDT':
    case 'BLAALYS':
      return isClinical(role) && role.acute
  }
}
