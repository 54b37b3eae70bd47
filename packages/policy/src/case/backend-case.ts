import type { Ask } from '#src/decision-point.ts'
import type { PatientFacts } from '#src/facts.ts'
import { type Assembly, fault } from './assembly.ts'
import { isBlocked } from './blocks.ts'
import { epochSeconds, formatApp } from './context.ts'
import { grantsAsked } from './interaction.ts'
import { readLabels } from './labels.ts'
import { clientPrincipal } from './principal.ts'

/** A case of a backend service: no person, no launch, no care relation. */
export function backendCase(ask: Ask, patient: PatientFacts | null, at: Date): Assembly {
  const { subject, circumstance, question } = ask
  const now = epochSeconds(at)
  const made = (action: string, resource: { type: string; id: string }, context: object): Assembly => ({
    kind: 'case',
    asked: { ...clientPrincipal(subject.id), action, resource, context: { now, ...context } },
    leaning: { purpose: circumstance.purpose ?? '', care: null, glass: null },
    epoch: patient?.epoch ?? '',
  })
  const { mayWrite, ...app } = formatApp(circumstance)
  switch (question.action) {
    case 'launch':
    case 'selfAuthorize':
    case 'breakGlass':
      return fault('question-malformed')
    case 'grantScope': {
      const { scope } = question
      const resource = { type: 'Backend::ScopeAsk', id: 'level' in scope ? scope.level : 'other' }
      if ('other' in scope)
        return made('grantOther', resource, { ...app, registered: scope.registered, scope: scope.other })
      const { level, type, letter, registered } = scope
      return made('grantScope', resource, { ...app, mayWrite, registered, level, fhirType: type, letter })
    }
    default: {
      const { action, resource } = question
      const labels = readLabels(resource.type, resource.labels)
      const blocked = labels.blocked || isBlocked(patient?.blocks ?? [], { user: null, profession: null }, resource)
      return made(
        action,
        { type: 'Backend::Item', id: resource.type },
        {
          patient: patient?.patient ?? '',
          ...grantsAsked(action, resource.type, circumstance.grants),
          fhirType: resource.type,
          ...app,
          mayWrite,
          sensitivity: labels.sensitivity,
          blocked,
        },
      )
    }
  }
}
