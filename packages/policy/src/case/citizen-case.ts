import type { Ask } from '#src/decision-point.ts'
import type { PatientFacts } from '#src/facts.ts'
import { type Assembly, fault } from './assembly.ts'
import { epochSeconds, formatApp, formatLaunch } from './context.ts'
import { grantsAsked } from './interaction.ts'
import { readLabels } from './labels.ts'
import { citizenPrincipal } from './principal.ts'

/** A case of a citizen, about whom nothing but "is this record theirs" matters. */
export function citizenCase(ask: Ask, patient: PatientFacts | null, at: Date): Assembly {
  const { subject, circumstance, question } = ask
  const basics = { now: epochSeconds(at), patient: patient?.patient ?? '', self: patient?.self ?? false }
  const made = (action: string, resource: { type: string; id: string }, context: object): Assembly => ({
    kind: 'case',
    asked: { ...citizenPrincipal(subject.id), action, resource, context: { ...context } },
    leaning: { purpose: circumstance.purpose ?? '', care: null, glass: null },
    epoch: patient?.epoch ?? '',
  })
  const { internal, senderConstrained } = formatApp(circumstance)
  switch (question.action) {
    case 'launch':
      return made('launch', { type: 'Citizen::App', id: question.app }, basics)
    case 'grantScope': {
      const { scope } = question
      const app = { internal, senderConstrained, registered: scope.registered }
      const resource = { type: 'Citizen::ScopeAsk', id: 'level' in scope ? scope.level : 'other' }
      if ('other' in scope) return made('grantOther', resource, { now: basics.now, ...app, scope: scope.other })
      const { level, type, letter } = scope
      return made('grantScope', resource, { ...basics, ...app, level, fhirType: type, letter })
    }
    case 'selfAuthorize':
    case 'breakGlass':
      return fault('question-malformed')
    default: {
      const { action, resource } = question
      const { sensitivity, withheld } = readLabels(resource.type, resource.labels)
      return made(
        action,
        { type: 'Citizen::Item', id: resource.type },
        {
          ...basics,
          ...formatLaunch(circumstance),
          ...grantsAsked(action, resource.type, circumstance.grants),
          fhirType: resource.type,
          sensitivity,
          withheld,
        },
      )
    }
  }
}
