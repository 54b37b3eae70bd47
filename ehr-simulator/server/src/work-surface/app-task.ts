import type { Task } from '@medplum/fhirtypes'
import { parseAppContext } from '@uthopp/smart-core/launch/intent'
import { isProblem } from '@uthopp/smart-core/problem'
import type { AppDeployment } from '@uthopp/server-kit/deployment'
import type { OnDuty } from '#src/session/session-guard.ts'

/** SMART App Launch 2.2.0, "Task profile for requesting SMART launch". */
const SMART_CODES = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes'
const KINDS = new Map([
  ['launch-app-ehr', 'ehr'],
  ['launch-app-standalone', 'standalone'],
] as const)
type Kind = 'ehr' | 'standalone'

const OPEN = ['requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold']

/** Why a task is shown without a way into its app. */
export type Hindrance = 'app-not-here' | 'malformed' | 'not-yours'

/** A task that asks somebody to use an app, as its author wrote it. */
export type AppTask = {
  readonly task: Task & { id: string }
  readonly kind: Kind
  readonly addresses: readonly string[]
  readonly appContexts: readonly unknown[]
}

/** What somebody may start, in the app it is for and with what the app is told. */
export type Startable = {
  readonly kind: Kind
  readonly app: string
  readonly address: string
  readonly appContext: string | null
}

/** The task when it is open and asks for an app; undefined for every other task. */
export function appTaskOf(task: Task & { id: string }): AppTask | undefined {
  const kind = KINDS.get(smartCode(task.code) as 'launch-app-ehr' | 'launch-app-standalone') // any other text finds nothing
  const inputs = (type: string) => (task.input ?? []).filter((input) => smartCode(input.type) === type)
  const addresses = inputs('smartonfhir-application').map(({ valueUrl }) => valueUrl ?? '')
  if (kind === undefined || addresses.length === 0 || !OPEN.includes(task.status)) return undefined
  return { task, kind, addresses, appContexts: inputs('smartonfhir-appcontext').map(({ valueString }) => valueString) }
}

const smartCode = (concept: Task['code']): string =>
  concept?.coding?.find(({ system }) => system === SMART_CODES)?.code ?? ''

/**
 * Whether this person, as this role, may start what the task asks for, and by which app.
 *
 * A task is data, and data may be written by anybody. So its address is a registered launch address to the letter, whoever
 * is to open it (SAL-112): a query would tell a trusted app which server to sign somebody in at. The profile has one
 * application and at most one context, and whose task it is, is for its owner to say.
 */
export function startableBy(
  present: Pick<OnDuty, 'user' | 'role'>,
  { task, kind, addresses, appContexts }: AppTask,
  apps: readonly AppDeployment[],
): Startable | Hindrance {
  const [address, ...others] = addresses
  if (address === undefined || others.length > 0 || appContexts.length > 1) return 'malformed'
  const appContext = parseAppContext(appContexts[0])
  if (appContext !== null && isProblem(appContext)) return 'malformed'
  const app = apps.find(({ launchUris, contexts }) => contexts.includes('patient') && launchUris.includes(address))
  if (app === undefined) return 'app-not-here'
  if (!isTheirs(present, task)) return 'not-yours'
  return { kind, app: app.clientId, address, appContext }
}

/** A task of nobody's is for whoever cares for the patient; one of a person, a role or a department is theirs. */
function isTheirs({ user, role }: Pick<OnDuty, 'user' | 'role'>, { owner }: Task): boolean {
  if (owner === undefined) return true
  const theirs = [
    `Practitioner/${user.id}`,
    `PractitionerRole/${role.id}`,
    `Organization/${role.department}`,
    `Organization/${role.organization}`,
  ]
  return theirs.includes(owner.reference ?? '')
}
