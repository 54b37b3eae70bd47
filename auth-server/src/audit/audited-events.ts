import { type AuditActor, type AuditDetail, type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { Concerned, EventFields, LaunchEvent, LaunchEvents } from '#src/launch/events.ts'
import { ACTIVITY_OF } from './event-activities.ts'
import type { AuditTrail } from './trail.ts'

/** The host's own words, as far as they can stand in the log. */
const CODE = /^[A-Za-z0-9][\w.:/*-]{0,127}$/
const ID = /^[\x21-\x7e]{1,256}$/

const orNull = (text: string | null | undefined, shape: RegExp): string | null =>
  text !== null && text !== undefined && shape.test(text) ? text : null

function actorOf({ asker }: Concerned, { clientId }: EventFields): AuditActor {
  if (asker !== undefined) return { kind: asker.kind, id: asker.user, role: asker.role }
  return clientId === undefined
    ? { kind: 'system', id: 'auth-server', role: null }
    : { kind: 'client', id: clientId, role: null }
}

/** What the log lines of an event have to say beside ids; every one of them is ours. */
function detailOf(event: LaunchEvent, fields: EventFields, change: string | undefined, more: AuditDetail): AuditDetail {
  const { code, rule, bound, count } = fields
  const said = Object.entries({ event, code, rule, bound, count, change }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return { ...Object.fromEntries(said), ...more }
}

export function recordOfEvent(
  tenant: string,
  at: Date,
  event: LaunchEvent,
  fields: EventFields,
  concerned: Concerned = {},
): AuditRecord | undefined {
  const told = ACTIVITY_OF[event]
  if (told.kind === 'elsewhere') return undefined
  const { asker, grantId, detail = {} } = concerned
  const decision = orNull(asker?.decision, ID)
  return newRecord({
    tenant,
    at,
    activity: told.activity,
    outcome: told.outcome,
    source: 'auth-server',
    actor: actorOf(concerned, fields),
    clientId: fields.clientId ?? null,
    patient: asker?.patient ?? null,
    correlationId: orNull(fields.correlationId, ID) ?? 'none',
    launchId: fields.launchId ?? null,
    grantId: grantId ?? fields.grantId ?? null,
    purpose: orNull(asker?.purpose, CODE),
    decision: decision === null ? null : { id: decision, template: null, userSelected: false },
    detail: detailOf(event, fields, told.change, detail),
  })
}

/** The story of every launch, told to the log and written down for the access log. */
export function auditedEvents(deps: {
  readonly events: LaunchEvents
  readonly trail: AuditTrail
  readonly tenant: string
  readonly now: () => Date
}): LaunchEvents {
  const { events, trail, tenant, now } = deps
  const note: LaunchEvents['tell'] = (event, fields, concerned) => {
    const record = recordOfEvent(tenant, now(), event, fields, concerned)
    if (record !== undefined) trail.note(record)
  }
  return {
    ...events,
    tell(...told) {
      events.tell(...told)
      note(...told)
    },
    deed: (work) =>
      events.deed((tell) =>
        work(async (inside, ...told) => {
          const record = recordOfEvent(tenant, now(), ...told)
          if (record !== undefined) await trail.writeInside(inside, record)
          await tell(inside, ...told)
        }),
      ),
    alarm(...told) {
      events.alarm(...told)
      note(...told)
    },
  }
}
