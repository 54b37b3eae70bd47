import type { Encounter, Task } from '@medplum/fhirtypes'
import type { AppDeployment, Deployment } from '@uthopp/server-kit/deployment'
import { refuse } from '@uthopp/server-kit/refusal'
import type { FhirStore } from '#src/fhir/repository.ts'
import type { ChartSource } from './access/chart-source.ts'
import type { Names } from './names.ts'
import { belongsTo } from './stays.ts'
import { idIn, instantOf, wordOf } from './words.ts'

/** SMART App Launch 2.2.0, "Task profile for requesting SMART launch". */
const SMART_CODES = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes'
const KINDS = new Map([
  ['launch-app-ehr', 'ehr'],
  ['launch-app-standalone', 'standalone'],
] as const)
type Kind = 'ehr' | 'standalone'

const OPEN = ['requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold']

/** A task that asks somebody to use an app, as its author wrote it. */
export type AppTask = {
  readonly task: Task & { id: string }
  readonly kind: Kind
  readonly address: string
  readonly appContext: string | null
}

/** The task when it is open and asks for an app; undefined for every other task. */
function appTaskOf(task: Task & { id: string }): AppTask | undefined {
  const kind = KINDS.get(smartCode(task.code) as 'launch-app-ehr' | 'launch-app-standalone') // any other text finds nothing
  const valueOf = (type: string) => task.input?.find((input) => smartCode(input.type) === type)
  const address = valueOf('smartonfhir-application')?.valueUrl
  if (kind === undefined || address === undefined || !OPEN.includes(task.status)) return undefined
  return { task, kind, address, appContext: valueOf('smartonfhir-appcontext')?.valueString ?? null }
}

const smartCode = (concept: Task['code']): string =>
  concept?.coding?.find(({ system }) => system === SMART_CODES)?.code ?? ''

/**
 * The app whose registered launch address the task names, to the letter (SAL-112): tasks are data, and data may be
 * written by anybody. The query of a standalone launch is the app's own matter, what stands before it is not.
 */
function appNamedBy({ kind, address }: AppTask, apps: readonly AppDeployment[]): AppDeployment | undefined {
  const named = kind === 'standalone' ? address.split('?', 1)[0] : address
  return apps.find(({ launchUris, contexts }) => contexts.includes('patient') && launchUris.includes(named ?? ''))
}

/** What asks the clinician to use an app for this patient, most urgent first. */
export async function readAppTasks(store: ChartSource, patient: string, { apps }: Deployment, names: Names) {
  const found = await store.findAll<Task>(`Task?patient=${patient}&_sort=-authored-on&_count=200`)
  const asked = found.flatMap((task) => appTaskOf(task) ?? [])
  const faces = asked.map(async (each) => {
    const { task, kind, address } = each
    const app = appNamedBy(each, apps)
    return {
      id: task.id,
      what: task.description ?? (wordOf(task.code) || 'Åpne app'),
      urgent: task.priority === 'urgent' || task.priority === 'asap' || task.priority === 'stat',
      by: await names.of(task.requester),
      at: instantOf(task.authoredOn),
      due: instantOf(task.restriction?.period?.end),
      /** Null where the task names an address that no app of this trust has registered. */
      app: app?.clientId ?? null,
      /** Opened as it is: an app that starts by itself and asks for its own sign-in. */
      address: app !== undefined && kind === 'standalone' ? address : null,
    }
  })
  return (await Promise.all(faces)).sort((a, b) => Number(b.urgent) - Number(a.urgent))
}

/** The context a launch by task has: all of it the task's word (SAL-111), none of it the browser's. */
export async function requireTask(
  { store, deployment }: { readonly store: FhirStore; readonly deployment: Deployment },
  wish: { readonly task: string; readonly patient: string; readonly app: string },
) {
  const found = await store.find<Task>('Task', wish.task)
  const asked = found && idIn(found.for, 'Patient') === wish.patient ? appTaskOf(found) : undefined
  if (asked?.kind !== 'ehr') return refuse(403, 'task_not_available', 'no open task of this patient asks for an app')
  if (appNamedBy(asked, deployment.apps)?.clientId !== wish.app) {
    return refuse(403, 'task_app_not_available', 'the task names an address that this app has not registered here')
  }
  const encounter = asked.task.encounter === undefined ? undefined : await ownEncounter(store, asked.task, wish.patient)
  return {
    ...(encounter === undefined ? {} : { encounter }),
    ...(asked.appContext === null ? {} : { appContext: asked.appContext }),
    launch_uri: asked.address,
  }
}

/** A task that mixes two patients is nobody's context. */
async function ownEncounter(store: FhirStore, task: Task, patient: string): Promise<string> {
  const id = idIn(task.encounter, 'Encounter')
  const stay = id === undefined ? undefined : await store.find<Encounter>('Encounter', id)
  return stay && belongsTo(stay, patient)
    ? stay.id
    : refuse(403, 'encounter_not_available', 'the encounter of the task is not the patient’s')
}
