import type { Ask } from '#src/decision-point.ts'
import type { CaseFacts, PatientFacts } from '#src/facts.ts'
import { type Assembly, fault } from './assembly.ts'
import { isBlocked } from './blocks.ts'
import { clinicianIssueCase } from './clinician-issue-case.ts'
import { epochSeconds, formatApp, formatChart, formatLaunch, formatLeaning } from './context.ts'
import { grantsAsked, itemUnder } from './interaction.ts'
import { readLabels } from './labels.ts'
import { chooseLeaning, type Leaning, type LeaningFault } from './leaning.ts'
import { clinicianPrincipal, type Principal } from './principal.ts'

/** A case of a person in a role. */
export function clinicianCase(ask: Ask, facts: CaseFacts, patient: PatientFacts | null, at: Date): Assembly {
  const { circumstance, question } = ask
  const { person } = facts
  if (person === null) return fault('person-unknown')
  const { role } = person
  if (role === null) return fault('role-not-held')
  const who = clinicianPrincipal(person, role)
  if (question.action === 'selfAuthorize' || question.action === 'breakGlass') {
    const known = patient !== null && facts.patients.has(patient.patient)
    return askCase(ask, who, known ? patient : null)
  }
  const leaning = lean(ask, facts, patient, at)
  if (typeof leaning === 'string') return fault(leaning, who)
  const relation = {
    inCareTeam: patient?.inCareTeam ?? false,
    ownUnit: patient?.contactUnits.some((unit) => role.units.includes(unit)) ?? false,
  }
  const basics = { now: epochSeconds(at), purpose: leaning.purpose, acr: circumstance.acr }
  const epoch = patient?.epoch ?? ''
  if (question.action === 'grantScope') {
    const asked = clinicianIssueCase(
      question.scope,
      circumstance,
      { ...basics, ...relation, patient: patient?.patient ?? '' },
      leaning,
    )
    return { kind: 'case', asked: { ...who, ...asked }, leaning, epoch }
  }
  if (question.action === 'launch') {
    const context = { ...basics, ...relation, patient: patient?.patient ?? '', ...formatLeaning(leaning) }
    const resource = { type: 'Ehr::App', id: question.app }
    return { kind: 'case', asked: { ...who, action: 'launch', resource, context }, leaning, epoch }
  }
  const { action, resource } = question
  const labels = readLabels(resource.type, resource.labels)
  const reader = { user: person.user, profession: person.licence?.profession ?? null }
  const context = {
    ...basics,
    ...relation,
    patient: patient?.patient ?? '',
    ...formatChart(circumstance),
    ...formatApp(circumstance),
    ...formatLaunch(circumstance),
    ...grantsAsked(action, resource.type, circumstance.grants),
    fhirType: resource.type,
    item: itemUnder(leaning.glass, resource),
    byType: action === 'search' && resource.id === null,
    sensitivity: labels.sensitivity,
    blocked: labels.blocked || isBlocked(patient?.blocks ?? [], reader, resource),
    ...formatLeaning(leaning),
  }
  const item = { type: 'Ehr::Item', id: resource.type }
  return { kind: 'case', asked: { ...who, action, resource: item, context }, leaning, epoch }
}

/** Asked in order to hold a decision and its purpose, so neither needs to be held yet. */
function askCase({ circumstance, question }: Ask, who: Principal, patient: PatientFacts | null): Assembly {
  if (question.action !== 'selfAuthorize' && question.action !== 'breakGlass') return fault('question-malformed')
  const { purpose, acr, launchPatient } = circumstance
  if (purpose === null) return fault('purpose-missing')
  if (launchPatient !== null && patient === null) return fault('patient-unknown', who)
  const { action, reasonChars, confirmed } = question
  const id = launchPatient ?? ''
  const about =
    question.action === 'selfAuthorize'
      ? { template: question.template, items: [] }
      : { template: 'BTG', items: [...question.items] }
  const context = { acr, purpose, patient: id, reasonChars, confirmed, ...about }
  return {
    kind: 'case',
    asked: { ...who, action, resource: { type: 'Ehr::Patient', id }, context },
    leaning: { purpose, care: null, glass: null },
    epoch: patient?.epoch ?? '',
  }
}

/** Without a patient there is nothing to lean on, and the purpose stands as the host said it. */
function lean(ask: Ask, facts: CaseFacts, patient: PatientFacts | null, at: Date): Leaning | LeaningFault {
  const { circumstance, question } = ask
  const { purpose } = circumstance
  if (patient === null) return purpose === null ? 'purpose-missing' : { purpose, care: null, glass: null }
  return chooseLeaning(circumstance, patient, facts, typeAsked(question), at)
}

function typeAsked(question: Ask['question']): string {
  if ('resource' in question) return question.resource.type
  return question.action === 'grantScope' && 'type' in question.scope ? question.scope.type : '*'
}
