import type { DecisionTrace } from '#src/answer.ts'
import { parseTrace } from '#src/case/trace.ts'
import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { Engine } from '#src/engine/engine.ts'
import { isProblem } from '@uthopp/smart-core/problem'

/** One fact that, had it been otherwise and nothing else, would have made the answer a permit. */
export type Difference = {
  /** Stable name of the fact, say `sensitivity` or `care`. */
  readonly fact: string
  readonly was: string
  readonly wanted: string
  readonly text: { readonly nb: string; readonly en: string }
}

type Change = Difference & { readonly asked: CedarCase }

/**
 * What would have to be different for a denied question to be permitted, one fact at a time, by the rules themselves.
 *
 * Empty when two or more facts stand in the way, when the question never became a case, or when it was permitted.
 */
export function differencesOf(trace: DecisionTrace, engine: Pick<Engine, 'evaluate'>): readonly Difference[] {
  const asked = parseTrace(trace)
  if (isProblem(asked) || engine.evaluate(asked).effect === 'permit') return []
  const helping = changesOf(asked).filter((change) => engine.evaluate(change.asked).effect === 'permit')
  return helping.map(({ fact, was, wanted, text }) => ({ fact, was, wanted, text }))
}

const say = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const FLAGS: readonly (readonly [fact: string, wanted: boolean, nb: string, en: string])[] = [
  ['inCareTeam', true, 'Du måtte vært med i behandlingsteamet.', 'membership of the care team'],
  ['ownUnit', true, 'Pasienten måtte hatt kontakt med enheten din.', 'the patient in contact with the own unit'],
  ['blocked', false, 'Opplysningen måtte ikke vært sperret.', 'the item not blocked'],
  ['withheld', false, 'Opplysningen måtte vært frigitt for innbyggeren.', 'the item released to the citizen'],
  ['self', true, 'Journalen måtte vært din egen.', 'the own record'],
  ['registered', true, 'Appen måtte vært registrert for dette.', 'a registration that has this scope'],
  ['internal', true, 'Appen måtte vært godkjent i indre sone.', 'an app of the inner zone'],
  ['mayWrite', true, 'Appen måtte vært godkjent for å skrive.', 'an app approved for writing'],
  ['senderConstrained', true, 'Appen måtte brukt nøkkelbundne tokener.', 'sender-constrained tokens'],
  [
    'launchBound',
    false,
    'Appen måtte ikke vært åpnet for en bestemt pasient.',
    'a launch that is not bound to one patient',
  ],
  ['confirmed', true, 'Vilkårene måtte vært bekreftet.', 'the conditions confirmed'],
]

function changesOf(asked: CedarCase): readonly Change[] {
  const { context } = asked
  const changes: Change[] = []
  const change = (fact: string, was: unknown, wanted: unknown, nb: string, en: string, next: CedarCase): void =>
    void changes.push({ fact, was: say(was), wanted: say(wanted), text: { nb, en }, asked: next })
  const set = (fact: string, wanted: CedarCase['context'][string], nb: string, en: string): void => {
    if (JSON.stringify(context[fact]) === JSON.stringify(wanted)) return
    change(fact, context[fact] ?? 'none', wanted, nb, en, { ...asked, context: { ...context, [fact]: wanted } })
  }
  for (const [fact, wanted, nb, en] of FLAGS) if (fact in context) set(fact, wanted, nb, en)
  if ('acr' in context) set('acr', 4, 'Du måtte vært pålogget på nivå 4.', 'a sign-in at level 4')
  if ('reasonChars' in context) set('reasonChars', 40, 'Begrunnelsen måtte vært lengre.', 'a longer reason')
  if ('sensitivity' in context)
    for (const level of [2, 1, 0]) {
      const held = context['sensitivity']
      if (typeof held === 'number' && held > level)
        set('sensitivity', level, 'Opplysningen måtte vært mindre skjermet.', 'data labelled less restricted')
    }
  if ('purpose' in context)
    for (const purpose of ['TREAT', 'ETREAT', 'COC', 'BTG'])
      set('purpose', purpose, `Formålet måtte vært ${purpose}.`, `the purpose ${purpose}`)
  const { requiredGrant, grants, patient, fhirType } = context
  if (typeof requiredGrant === 'string' && Array.isArray(grants))
    set(
      'grants',
      [...grants, requiredGrant],
      'Appen måtte fått denne rettigheten.',
      `a token that holds ${requiredGrant}`,
    )
  if ('launchBound' in context && typeof patient === 'string' && patient !== '')
    set('launchPatient', patient, 'Appen måtte vært åpnet for denne pasienten.', 'a launch for this patient')
  if (
    asked.namespace === 'Ehr' &&
    typeof patient === 'string' &&
    patient !== '' &&
    'now' in context &&
    'inCareTeam' in context
  ) {
    for (const template of ['BELEGG', 'TILSYN', 'DELBEHAN', 'ARBFLYT', 'PASADM']) {
      const care = {
        template,
        decisionRef: 'what-if',
        patient,
        validUntil: 253_402_300_799,
        selfSelected: false,
        elements: ['*'],
      }
      set(
        'care',
        care,
        `Et grunnlag av typen ${template} måtte gjeldt.`,
        `a live decision ${template} that covers this`,
      )
    }
    const { item } = context
    const items = [typeof item === 'string' ? item : '', typeof fhirType === 'string' ? fhirType : '']
    const glass = { decisionRef: 'what-if', patient, items, validUntil: 253_402_300_799 }
    if (context['purpose'] === 'BTG' && fhirType !== undefined)
      set('glass', glass, 'Sperren måtte vært opphevet for denne opplysningen.', 'a lifted block that names this item')
  }
  const { attributes, groups } = asked
  if ('employed' in attributes && attributes['employed'] !== true)
    change('employed', false, true, 'Du måtte vært ansatt her.', 'employment here', {
      ...asked,
      attributes: { ...attributes, employed: true },
    })
  if ('licence' in attributes && attributes['licence'] !== 'active')
    change('licence', attributes['licence'], 'active', 'Autorisasjonen måtte vært gyldig.', 'an active licence', {
      ...asked,
      attributes: { ...attributes, licence: 'active' },
    })
  if (asked.namespace === 'Ehr')
    for (const role of ['physician', 'nurse', 'dietitian'])
      if (!groups.includes(role))
        change(
          'role',
          groups[0] ?? 'none',
          role,
          `Rollen måtte vært ${ROLE_NAMES[role] ?? role}.`,
          `the role ${role}`,
          {
            ...asked,
            groups: [role, 'clinical', ...groups.filter((group) => group === 'acute')],
          },
        )
  return changes
}

const ROLE_NAMES: Readonly<Record<string, string>> = {
  physician: 'lege',
  nurse: 'sykepleier',
  dietitian: 'klinisk ernæringsfysiolog',
}
