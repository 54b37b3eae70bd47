import type { Task } from '@medplum/fhirtypes'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { refuse } from '@uthopp/server-kit/refusal'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { ChartSource } from './access/chart-source.ts'
import { appTaskOf, type Hindrance, startableBy } from './app-task.ts'
import type { Names } from './names.ts'
import { requireOwnStay } from './stays.ts'
import { idIn, instantOf, wordOf } from './words.ts'

type Reader = Pick<OnDuty, 'user' | 'role'>

/** What asks the clinician to use an app for this patient, most urgent first. */
export async function readAppTasks(
  source: ChartSource,
  patient: string,
  { deployment, present, names }: { readonly deployment: Deployment; readonly present: Reader; readonly names: Names },
) {
  const found = await source.findAll<Task>(`Task?patient=${patient}&_sort=-authored-on&_count=200`)
  const asked = found.flatMap((task) => appTaskOf(task) ?? [])
  const faces = asked.map(async (each) => {
    const { task } = each
    const startable = startableBy(present, each, deployment.apps)
    const [way, hindrance] = typeof startable === 'string' ? [undefined, startable] : [startable, null]
    return {
      id: task.id,
      what: task.description ?? (wordOf(task.code) || 'Åpne app'),
      urgent: task.priority === 'urgent' || task.priority === 'asap' || task.priority === 'stat',
      by: await names.of(task.requester),
      owner: await names.of(task.owner),
      at: instantOf(task.authoredOn),
      due: instantOf(task.restriction?.period?.end),
      /** Null where there is no way into it, and then `hindrance` says why. */
      app: way?.app ?? null,
      hindrance,
      /** Opened as it is: an app that starts by itself and asks for its own sign-in. */
      address: way?.kind === 'standalone' ? way.address : null,
    }
  })
  return (await Promise.all(faces)).sort((a, b) => Number(b.urgent) - Number(a.urgent))
}

const REFUSALS: Readonly<Record<Hindrance, readonly [code: string, hint: string]>> = {
  'app-not-here': ['task_app_not_available', 'the task names an address that this app has not registered here'],
  malformed: ['task_malformed', 'the task must ask for one app, with at most one context of at most 4,096 characters'],
  'not-yours': ['task_not_yours', 'the task has another owner'],
}

/** The context a launch by task has: all of it the task's word (SAL-111), none of it the browser's. */
export async function requireTask(
  source: ChartSource,
  { deployment, present }: { readonly deployment: Deployment; readonly present: Reader },
  wish: { readonly task: string; readonly patient: string; readonly app: string },
) {
  const found = await source.find<Task>('Task', wish.task)
  const asked = found && idIn(found.for, 'Patient') === wish.patient ? appTaskOf(found) : undefined
  if (asked?.kind !== 'ehr') return refuse(403, 'task_not_available', 'no open task of this patient asks for an app')
  const startable = startableBy(present, asked, deployment.apps)
  if (typeof startable === 'string') return refuse(403, ...REFUSALS[startable])
  if (startable.app !== wish.app) return refuse(403, ...REFUSALS['app-not-here'])
  // A task that mixes two patients is nobody's context.
  const { encounter } = asked.task
  return {
    ...(encounter === undefined
      ? {}
      : { encounter: await requireOwnStay(source, idIn(encounter, 'Encounter') ?? '', wish.patient) }),
    ...(startable.appContext === null ? {} : { appContext: startable.appContext }),
    launch_uri: startable.address,
  }
}
