import { type FhirId, parseFhirId } from '../fhir-id.ts'
import { isRecord } from '../fhir/resource.ts'
import { type Problem, isProblem, problem } from '../problem.ts'
import { type FhirContextItem, parseFhirContextItem } from './fhir-context.ts'
import type { Assurance, LaunchIntent } from './launch.ts'
import { membersBeyond } from './members.ts'

const MEMBERS = [
  'client_id',
  'user',
  'role',
  'patient',
  'encounter',
  'fhirContext',
  'intent',
  'appContext',
  'need_patient_banner',
  'smart_style_url',
  'decision',
  'purpose',
  'acr',
  'session',
  'workspace',
  'launch_uri',
  'bound',
] as const

type Member = (typeof MEMBERS)[number]
type Body = Readonly<Record<string, unknown>>

const LONGEST_TEXT = 512
const LONGEST_APP_CONTEXT = 4096
const MOST_CONTEXT_ITEMS = 50

/**
 * Reads the body of `POST <issuer>/launches` (contracts §3), where a member nobody knows is refused by name.
 *
 * A missing banner wish becomes `true`: an app that shows the patient twice is a nuisance, not at all a danger.
 */
export function parseLaunchIntent(body: unknown): LaunchIntent | Problem {
  if (!isRecord(body)) return problem('', 'expected a JSON object')
  const beyond = membersBeyond(body, MEMBERS)
  if (beyond !== undefined) return problem(beyond, `unknown member \`${beyond.slice(0, 64)}\``)
  const problems: Problem[] = []
  const read = <T>(value: T | Problem, otherwise: T): T => {
    if (!isProblem(value)) return value
    problems.push(value)
    return otherwise
  }
  const intent: LaunchIntent = {
    stage: 'intent',
    clientId: read(requiredText(body, 'client_id'), ''),
    user: read(requiredId(body, 'user'), NO_ID),
    role: read(optionalId(body, 'role'), null),
    patient: read(optionalId(body, 'patient'), null),
    encounter: read(optionalId(body, 'encounter'), null),
    fhirContext: read(contextItems(body['fhirContext']), []),
    intent: read(optionalText(body, 'intent'), null),
    appContext: read(parseAppContext(body['appContext']), null),
    needPatientBanner: read(flag(body, 'need_patient_banner', true), true),
    smartStyleUrl: read(optionalAddress(body, 'smart_style_url'), null),
    decision: read(optionalText(body, 'decision'), null),
    purpose: read(optionalText(body, 'purpose'), null),
    acr: read(assurance(body['acr']), 0),
    session: read(requiredText(body, 'session'), ''),
    workspace: read(optionalText(body, 'workspace'), null),
    launchUri: read(optionalAddress(body, 'launch_uri'), null),
    bound: read(flag(body, 'bound', true), true),
  }
  const [first] = problems
  if (first !== undefined) return first
  // SAL-95: an encounter is somebody's.
  if (intent.encounter !== null && intent.patient === null) return wrong('encounter', 'comes with its `patient`')
  return intent
}

/** Stands in for an id only until the problem beside it is returned. */
const NO_ID = '-' as FhirId // satisfies the grammar

const wrong = (member: Member, expectation: string): Problem => problem(member, `\`${member}\` ${expectation}`)

function optionalText(body: Body, member: Member): string | null | Problem {
  const value = body[member]
  if (value === undefined || value === null) return null
  // Control characters and lone surrogates have no place in names of things, and do damage in logs.
  const readable = typeof value === 'string' && value.trim() !== '' && value.isWellFormed() && !/\p{Cc}/u.test(value)
  if (!readable) return wrong(member, 'is a text')
  return value.length <= LONGEST_TEXT ? value : wrong(member, `has at most ${LONGEST_TEXT} characters`)
}

/** Written by whoever made the task and read by the app alone; often JSON, hence with room for lines (SAL-111). */
export function parseAppContext(value: unknown): string | null | Problem {
  if (value === undefined || value === null) return null
  const readable = typeof value === 'string' && value.trim() !== '' && value.isWellFormed()
  if (!readable || /[^\P{Cc}\t\n\r]/u.test(value)) return wrong('appContext', 'is a text')
  return value.length <= LONGEST_APP_CONTEXT
    ? value
    : wrong('appContext', `has at most ${LONGEST_APP_CONTEXT} characters`)
}

function requiredText(body: Body, member: Member): string | Problem {
  return optionalText(body, member) ?? wrong(member, 'is required')
}

function optionalId(body: Body, member: Member): FhirId | null | Problem {
  const value = body[member]
  if (value === undefined || value === null) return null
  const id = typeof value === 'string' ? parseFhirId(value) : undefined
  return id === undefined || isProblem(id) ? wrong(member, 'is a FHIR id') : id
}

function requiredId(body: Body, member: Member): FhirId | Problem {
  return optionalId(body, member) ?? wrong(member, 'is required')
}

function optionalAddress(body: Body, member: Member): string | null | Problem {
  const value = optionalText(body, member)
  if (value === null || isProblem(value)) return value
  return /^https?:\/\/[^\s/?#@\\]+(?:[/?][^\s#\\]*)?$/i.test(value)
    ? value
    : wrong(member, 'is an absolute http(s) address')
}

function flag(body: Body, member: Member, otherwise: boolean): boolean | Problem {
  const value = body[member] ?? otherwise
  return typeof value === 'boolean' ? value : wrong(member, 'is true or false')
}

function assurance(value: unknown): Assurance | Problem {
  switch (value ?? 0) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return (value ?? 0) as Assurance // the cases are exactly its members
    default:
      return wrong('acr', 'is an integer from 0 to 4')
  }
}

function contextItems(value: unknown): readonly FhirContextItem[] | Problem {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return wrong('fhirContext', 'is an array of objects')
  if (value.length > MOST_CONTEXT_ITEMS) return wrong('fhirContext', `has at most ${MOST_CONTEXT_ITEMS} items`)
  const items: FhirContextItem[] = []
  for (const item of value) {
    const parsed = parseFhirContextItem(item)
    if (isProblem(parsed)) return parsed
    items.push(parsed)
  }
  return items
}
