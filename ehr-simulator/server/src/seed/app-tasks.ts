import type { Task } from '@medplum/fhirtypes'
import { concept } from './codings.ts'
import { hoursBefore, instant } from './times.ts'
import { AHUS, OUS } from './units.ts'

const SMART_CODES = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes'
const smart = (code: string) => concept(code, { system: SMART_CODES, code })

type AskedApp = {
  readonly id: string
  readonly patient: string
  readonly encounter: string
  readonly app: string
  readonly what: string
  readonly appContext: string
  readonly requester: string
  readonly owner: string
  readonly hoursAgo: number
}

const ASKED: ReadonlyMap<string, readonly AskedApp[]> = new Map([
  [
    OUS,
    [
      {
        id: 'opg1001-app',
        patient: 'cdp1001',
        encounter: 'enc1001',
        app: 'nutrition',
        what: 'Fyll ut kostregistrering for siste døgn',
        appContext: '{"skjema":"kostregistrering","dogn":1}',
        requester: 'Practitioner/stf103',
        owner: 'Practitioner/stf102',
        hoursAgo: 3,
      },
    ],
  ],
  [
    AHUS,
    [
      {
        id: 'opg2003-app',
        patient: 'cdp2003',
        encounter: 'enc2003',
        app: 'nutrition',
        what: 'Følg opp ernæringsplanen før utskrivning',
        appContext: '{"skjema":"ernaeringsplan"}',
        requester: 'Practitioner/stf201',
        owner: 'Practitioner/stf202',
        hoursAgo: 5,
      },
    ],
  ],
])

/** Tasks that ask for an app (SMART App Launch 2.2.0, `task-ehr-launch`). Where the app is not known, nobody asks for it. */
export function appTasksOf(
  orgnr: string,
  now: Date,
  apps: readonly { readonly clientId: string; readonly launchUris: readonly string[] }[],
): readonly Task[] {
  return (ASKED.get(orgnr) ?? []).flatMap((asked): readonly Task[] => {
    const [address] = apps.find(({ clientId }) => clientId === asked.app)?.launchUris ?? []
    if (address === undefined) return []
    const authored = instant(hoursBefore(now, asked.hoursAgo))
    return [
      {
        resourceType: 'Task',
        id: asked.id,
        meta: { profile: ['http://hl7.org/fhir/smart-app-launch/StructureDefinition/task-ehr-launch'] },
        status: 'requested',
        intent: 'order',
        priority: 'routine',
        code: smart('launch-app-ehr'),
        description: asked.what,
        for: { reference: `Patient/${asked.patient}` },
        encounter: { reference: `Encounter/${asked.encounter}` },
        authoredOn: authored,
        lastModified: authored,
        requester: { reference: asked.requester },
        owner: { reference: asked.owner },
        input: [
          { type: smart('smartonfhir-application'), valueUrl: address },
          { type: smart('smartonfhir-appcontext'), valueString: asked.appContext },
        ],
      },
    ]
  })
}
