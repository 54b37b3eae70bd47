import type { Ask } from '#src/decision-point.ts'
import type { AskedLetter, AskedResource, Circumstance, Question, Subject } from '#src/question.ts'
import { ACTIONS, KINDS, LEVELS, ZONES } from './words.ts'

const formatSubject = ({ kind, id, role }: Subject) => ({ type: KINDS[kind], id, rolle: role })

const formatCircumstance = (circumstance: Circumstance) => ({
  foretak: circumstance.tenant,
  app: circumstance.clientId,
  sone: ZONES[circumstance.zone],
  kan_skrive: circumstance.mayWrite,
  avsenderbundet: circumstance.senderConstrained,
  bundet_til_oppstart: circumstance.launchBound,
  oppstartspasient: circumstance.launchPatient,
  rettigheter: circumstance.grants,
  sikkerhetsniva: circumstance.acr,
  formal: circumstance.purpose,
  beslutning: circumstance.decision,
})

const formatResource = ({ type, id, patient, labels, units, authors }: AskedResource) => ({
  type,
  id,
  pasient: patient,
  merker: labels,
  enheter: units,
  forfattere: authors,
})

const formatLetter = (scope: AskedLetter) =>
  'other' in scope
    ? { annet: scope.other, registrert: scope.registered }
    : {
        niva: LEVELS[scope.level],
        type: scope.type,
        bokstav: scope.letter,
        kategorier: scope.categories,
        registrert: scope.registered,
      }

function formatSubjectMatter(question: Question) {
  switch (question.action) {
    case 'grantScope':
      return { rettighet: formatLetter(question.scope) }
    case 'launch':
      return { oppstart: question.app }
    case 'selfAuthorize':
      return {
        grunnlag: question.template,
        begrunnelsestegn: question.reasonChars,
        bekreftet: question.confirmed,
      }
    case 'breakGlass':
      return {
        opplysninger: question.items,
        begrunnelsestegn: question.reasonChars,
        bekreftet: question.confirmed,
      }
    default:
      return { opplysning: formatResource(question.resource) }
  }
}

/** One question, in the host's own words. The trace of the request travels in its headers. */
export const formatQuestion = ({ subject, circumstance, question }: Ask) => ({
  bruker: formatSubject(subject),
  omstendigheter: formatCircumstance(circumstance),
  handling: ACTIONS[question.action],
  ...formatSubjectMatter(question),
})
