import type { Organization } from '@medplum/fhirtypes'
import { professions } from '#src/seed/person.ts'
import type { CitizenDeps } from './citizen-deps.ts'
import type { Look } from './looks.ts'
import { CARE_TEAM, groundWords, matterWords, purposeWords } from './log-words.ts'

const SOURCES: ReadonlyMap<string, string> = new Map([
  ['host', 'Sykehusets journalsystem'],
  ['auth-server', 'Sykehusets innlogging'],
  ['gateway', 'Sykehusets datatjeneste'],
  ['hub', 'Sykehusets arbeidsflate'],
])

/** Which system somebody looked through: the app by its name where there was one. */
function sourceOf({ deployment }: CitizenDeps, { first }: Look): string {
  const app = deployment.apps.find(({ clientId }) => clientId === first.clientId)
  if (app !== undefined) return `Appen ${app.name}`
  // An app that registered itself is known here by its id alone, and is what a patient most wants to hear of.
  return first.source === 'gateway' && first.clientId !== null
    ? `En app utenfor sykehusets liste (${first.clientId})`
    : (SOURCES.get(first.source) ?? first.source)
}

function whoOf({ people }: CitizenDeps, { actor }: Look['first']) {
  if (actor.kind === 'citizen') return { who: 'Du selv', profession: '', role: undefined }
  const user = people.findUser(actor.id)
  if (actor.kind !== 'clinician') return { who: 'Et system', profession: '', role: undefined }
  return {
    who: user?.name ?? 'Tidligere ansatt',
    profession: user?.profession ?? '',
    role: user?.roles.find(({ id }) => id === actor.role),
  }
}

/**
 * Care without a decision is care by somebody in the patient's team. Said only of those who are in it: a record without a
 * decision may also be of a search among all patients.
 */
async function isByCareTeam({ facts }: CitizenDeps, patient: string, { first, refused }: Look): Promise<boolean> {
  if (refused || first.actor.kind !== 'clinician' || first.decision !== null || first.purpose !== 'TREAT') return false
  return (await facts.team.patientsOf(first.actor.id, [patient])).has(patient)
}

/** What somebody looked for; an attempt that was stopped before there was any ground says so. */
function whyOf({ first, refused }: Look): string {
  if (first.actor.kind === 'citizen') return 'Ditt eget valg'
  return refused && first.purpose === null ? NO_GROUND : purposeWords(first.purpose)
}

const NO_GROUND = 'Ingen registrert grunn. Oppslaget ble stoppet.'

const isProfession = (name: string): boolean => name !== professions.XX

/**
 * One look into the record as the patient reads it: when, who, where they work, what, why, and through what.
 *
 * INVARIANT: names and professions, and never a number the state gave to a member of staff (norway.md §5.3, point 4).
 */
export async function lookFace(deps: CitizenDeps, patient: string, look: Look) {
  const { first } = look
  const { who, profession, role } = whoOf(deps, first)
  const decision = first.decision === null ? undefined : await deps.facts.decisions.find(first.decision.id)
  // Somebody's words about another patient are that patient's.
  const leant = decision?.patient === patient ? decision : undefined
  const reason = leant === undefined ? [] : [leant.reason, leant.renewal?.reason]
  // Whoever found nothing leant on a decision whose template no rule was told.
  const template = first.decision?.template ?? leant?.template ?? null
  const purpose = whyOf(look)
  const ground = (await isByCareTeam(deps, patient, look)) ? CARE_TEAM : groundWords(template)
  const department =
    role === undefined ? undefined : await deps.store.find<Organization>('Organization', role.department)
  return {
    id: first.id,
    from: look.from.toISOString(),
    to: look.to.toISOString(),
    who,
    // Many roles begin with the profession's own name, which is then said once; some work is no registered profession.
    profession: isProfession(profession) && role?.name.startsWith(profession) !== true ? profession : '',
    role: role?.name ?? '',
    organization: deps.deployment.trusts.find(({ orgnr }) => orgnr === deps.tenant)?.name ?? '',
    department: department?.name ?? '',
    what: matterWords(look.activities, look.types),
    times: look.times,
    purpose,
    // Said once where the ground is the purpose itself.
    ground: ground === purpose ? null : ground,
    reason: reason.filter((words) => words !== undefined && words !== '').join(' / Fornyet: '),
    source: sourceOf(deps, look),
    kind: look.refused ? 'refused' : template === 'BTG' ? 'glass' : template === 'BLAALYS' ? 'emergency' : 'ordinary',
  }
}
