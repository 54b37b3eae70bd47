import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { CONTACT_KINDS, type Contact, type ContactKind } from '../contacts.ts'
import { turningPoints } from '../windows.ts'
import { recordChanges } from './sql-changes.ts'
import { recordDue } from './sql-due.ts'
import type { Tell } from './tell.ts'
import { NotWhole, wholeOrNot } from './whole.ts'
import { parseWords } from './words.ts'

/** Contacts of one tenant. Every change is in the log of changes with it, or did not happen. */
export interface ContactStore {
  /** Those that have not been cancelled, also long past ones. */
  ofPatients(patients: readonly string[]): Promise<readonly Contact[]>
  /** Whom these units, or this person in them, have or had to do with. */
  ofUnits(units: readonly string[]): Promise<readonly Contact[]>
  find(id: string): Promise<Contact | undefined>
  /** Keeps all of them or none. False, and nothing kept, when one of the ids is taken. */
  add(contacts: readonly Contact[], now: Date, tell?: Tell): Promise<boolean>
  /** Ends the patient's open contacts that match, and opens others in the same moment; answers how many it ended. */
  replace(ending: Ending, opened: readonly Contact[], now: Date, tell?: Tell): Promise<number>
  /** As if they had never been; answers how many, which leaves out those that are unknown or cancelled already. */
  cancel(ids: readonly string[], now: Date, tell?: Tell): Promise<number>
}

/** Which contacts end; a member left out as null matches any. */
type Ending = {
  readonly patient: string
  readonly kinds: readonly ContactKind[]
  readonly id: string | null
  readonly unit: string | null
  readonly encounter: string | null
  readonly at: Date
}

type Row = {
  readonly id: string
  readonly patient: string
  readonly kind: string
  readonly unit: string
  readonly user_id: string | null
  readonly encounter: string | null
  readonly starts_at: number
  readonly ends_at: number | null
  readonly elements: string
}

const COLUMNS = sql.raw('id, patient, kind, unit, user_id, encounter, starts_at, ends_at, elements')

/** A kind this program does not know, written by a newer one, gives nobody anything. */
const read = (row: Row): readonly Contact[] => {
  const kind = CONTACT_KINDS.find((known) => known === row.kind)
  if (kind === undefined) return []
  const { id, patient, unit, encounter } = row
  const endsAt = row.ends_at === null ? null : new Date(row.ends_at)
  const times = { startsAt: new Date(row.starts_at), endsAt }
  return [{ id, patient, kind, unit, user: row.user_id, encounter, ...times, elements: parseWords(row.elements) }]
}

/** Puts contacts down with everything that follows from them; the caller holds the transaction. Answers how many were new. */
export async function writeContacts(
  inside: Database,
  tenant: Tenant,
  contacts: readonly Contact[],
  options: { readonly now: Date; readonly origin: 'seed' | 'event' },
): Promise<number> {
  let kept = 0
  for (const contact of contacts) {
    const { id, patient, kind, unit, user, encounter, startsAt, endsAt, elements } = contact
    kept += await inside.run(sql`insert into care_contact
      (tenant, id, patient, kind, unit, user_id, encounter, starts_at, ends_at, elements, origin)
      values (${tenant}, ${id}, ${patient}, ${kind}, ${unit}, ${user}, ${encounter}, ${startsAt.getTime()},
        ${endsAt?.getTime() ?? null}, ${JSON.stringify(elements)}, ${options.origin})
      on conflict do nothing`)
    await noteContact(inside, tenant, contact, options.now)
  }
  await recordChanges(inside, tenant, contacts.map(changedBy))
  return kept
}

const changedBy = ({ patient }: Contact) => ({ kind: 'patient', id: patient }) as const
const noteContact = (inside: Database, tenant: Tenant, contact: Contact, now: Date): Promise<void> =>
  recordDue(inside, tenant, changedBy(contact), turningPoints(contact, now))

export function createContactStore(db: Database, tenant: Tenant): ContactStore {
  return {
    async ofPatients(patients) {
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_contact
        where tenant = ${tenant} and patient in (${sql.list(patients)}) and cancelled_at is null`)
      return rows.flatMap(read)
    },
    async ofUnits(units) {
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_contact
        where tenant = ${tenant} and unit in (${sql.list(units)}) and cancelled_at is null`)
      return rows.flatMap(read)
    },
    async find(id) {
      const row = await db.first<Row>(sql`select ${COLUMNS} from care_contact
        where tenant = ${tenant} and id = ${id} and cancelled_at is null`)
      return row && read(row)[0]
    },
    add(contacts, now, tell) {
      return wholeOrNot(db, async (inside) => {
        const kept = await writeContacts(inside, tenant, contacts, { now, origin: 'event' })
        if (kept < contacts.length) throw new NotWhole()
        await tell?.(inside)
      })
    },
    replace({ patient, kinds, id, unit, encounter, at }, opened, now, tell) {
      return db.transaction(async (inside) => {
        const rows = await inside.all<Row>(sql`update care_contact set ends_at = ${at.getTime()}
          where tenant = ${tenant} and patient = ${patient} and kind in (${sql.list(kinds)}) and cancelled_at is null
          and (ends_at is null or ends_at > ${at.getTime()}) and starts_at <= ${at.getTime()}
          ${id === null ? sql`` : sql`and id = ${id}`}
          ${unit === null ? sql`` : sql`and unit = ${unit}`}
          ${encounter === null ? sql`` : sql`and encounter = ${encounter}`}
          returning ${COLUMNS}`)
        for (const contact of rows.flatMap(read)) await noteContact(inside, tenant, contact, now)
        if (rows.length > 0) await recordChanges(inside, tenant, [{ kind: 'patient', id: patient }])
        const kept = await writeContacts(inside, tenant, opened, { now, origin: 'event' })
        if (rows.length + kept > 0) await tell?.(inside)
        return rows.length
      })
    },
    cancel(ids, now, tell) {
      return db.transaction(async (inside) => {
        const rows = await inside.all<{ patient: string }>(sql`update care_contact set cancelled_at = ${now.getTime()}
          where tenant = ${tenant} and id in (${sql.list(ids)}) and cancelled_at is null returning patient`)
        if (rows.length === 0) return 0
        await recordChanges(
          inside,
          tenant,
          rows.map(({ patient }) => ({ kind: 'patient', id: patient })),
        )
        await tell?.(inside)
        return rows.length
      })
    },
  }
}
