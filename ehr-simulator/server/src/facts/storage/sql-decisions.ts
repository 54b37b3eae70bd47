import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { mustReview } from '../must-review.ts'
import { REVIEW_OUTCOMES, type TakenDecision } from '../taken-decisions.ts'
import type { DecisionStore } from './decisions.ts'
import { recordChanges } from './sql-changes.ts'
import { recordDue } from './sql-due.ts'
import { parseWords } from './words.ts'

type Row = {
  readonly id: string
  readonly patient: string
  readonly user_id: string
  readonly role_id: string
  readonly unit: string
  readonly template: string
  readonly purpose: string
  readonly elements: string
  readonly items: string
  readonly reason: string
  readonly self_selected: number
  readonly valid_from: number
  readonly valid_until: number
  readonly ended_at: number | null
  readonly renewed_at: number | null
  readonly renewal_reason: string | null
  readonly reviewed_at: number | null
  readonly reviewed_by: string | null
  readonly review_outcome: string | null
  readonly review_note: string | null
}

const COLUMNS = sql.raw(`id, patient, user_id, role_id, unit, template, purpose, elements, items, reason, self_selected,
  valid_from, valid_until, ended_at, renewed_at, renewal_reason, reviewed_at, reviewed_by, review_outcome, review_note`)

const read = (row: Row): TakenDecision => ({
  id: row.id,
  patient: row.patient,
  user: row.user_id,
  role: row.role_id,
  unit: row.unit,
  template: row.template,
  purpose: row.purpose,
  elements: parseWords(row.elements),
  items: parseWords(row.items),
  reason: row.reason,
  selfSelected: row.self_selected === 1,
  validFrom: new Date(row.valid_from),
  validUntil: new Date(row.valid_until),
  endedAt: row.ended_at === null ? null : new Date(row.ended_at),
  renewal: row.renewed_at === null ? null : { at: new Date(row.renewed_at), reason: row.renewal_reason ?? '' },
  review: readReview(row),
})

function readReview({ reviewed_at: at, reviewed_by: by, review_outcome: outcome, review_note: note }: Row) {
  const known = REVIEW_OUTCOMES.find((each) => each === outcome)
  return at === null || known === undefined
    ? null
    : { at: new Date(at), by: by ?? '', outcome: known, note: note ?? '' }
}

/** So many are shown beside those that wait. */
const NEWEST = 200

/** Of one person for one patient, in whichever role, the latest first. */
const onSameGround = (tenant: Tenant, user: string, patient: string, template: string) => sql`tenant = ${tenant}
  and user_id = ${user} and patient = ${patient} and template = ${template} order by created_at desc, renewed_at is null, id`

const live = (now: Date) => sql`valid_from <= ${now.getTime()} and valid_until > ${now.getTime()} and ended_at is null`

export function createDecisionStore(db: Database, tenant: Tenant): DecisionStore {
  return {
    async find(id) {
      const row = await db.first<Row>(sql`select ${COLUMNS} from care_decision where tenant = ${tenant} and id = ${id}`)
      return row && read(row)
    },
    async liveOf({ user, role }, patients, now) {
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_decision
        where tenant = ${tenant} and user_id = ${user} and role_id = ${role} and patient in (${sql.list(patients)})
        and ${live(now)} order by created_at desc, id`)
      return rows.map(read)
    },
    async ofPatient(patient) {
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_decision
        where tenant = ${tenant} and patient = ${patient} order by created_at desc, id limit 500`)
      return rows.map(read)
    },
    async heldBy({ user, role }, now) {
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_decision
        where tenant = ${tenant} and user_id = ${user} and role_id = ${role} and ${live(now)} order by created_at desc, id`)
      return rows.map(read)
    },
    async historyOf({ user, role }, patient, since) {
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_decision
        where tenant = ${tenant} and user_id = ${user} and role_id = ${role} and patient = ${patient}
        and created_at >= ${since.getTime()} order by created_at desc, id`)
      return rows.map(read)
    },
    async latestOf(user, patient, template) {
      const row = await db.first<Row>(sql`select ${COLUMNS} from care_decision
        where ${onSameGround(tenant, user, patient, template)} limit 1`)
      return row && read(row)
    },
    take(taken, now, also, after) {
      return db.transaction(async (inside) => {
        const changed = { kind: 'patient', id: taken.patient } as const
        // INVARIANT: the lock this takes lets one decision a time be made at a trust, so what is looked at next stays true.
        await recordChanges(inside, tenant, [changed])
        const held = await inside.first(sql`select id from care_decision
          where tenant = ${tenant} and user_id = ${taken.user} and role_id = ${taken.role}
          and patient = ${taken.patient} and template = ${taken.template} and ${live(now)}`)
        if (held !== undefined && taken.template !== 'BTG') return false
        if (after !== undefined) {
          const latest = await inside.first<{ id: string }>(sql`select id from care_decision
            where ${onSameGround(tenant, taken.user, taken.patient, taken.template)} limit 1`)
          if ((latest?.id ?? null) !== after) return false
        }
        const kept = await inside.run(sql`insert into care_decision
          (tenant, id, patient, user_id, role_id, unit, template, purpose, elements, items, reason, self_selected,
            valid_from, valid_until, renewed_at, renewal_reason, settled, created_at, must_review)
          values (${tenant}, ${taken.id}, ${taken.patient}, ${taken.user}, ${taken.role}, ${taken.unit},
            ${taken.template}, ${taken.purpose}, ${JSON.stringify(taken.elements)}, ${JSON.stringify(taken.items)},
            ${taken.reason}, ${taken.selfSelected ? 1 : 0}, ${taken.validFrom.getTime()},
            ${taken.validUntil.getTime()}, ${taken.renewal?.at.getTime() ?? null}, ${taken.renewal?.reason ?? null},
            0, ${now.getTime()}, ${mustReview(taken) ? 1 : 0})
          on conflict do nothing`)
        if (kept === 0) return false
        const moments = [taken.validFrom, taken.validUntil].filter((at) => at > now)
        await recordDue(inside, tenant, changed, moments)
        await also?.(inside, taken)
        return true
      })
    },
    renew(id, { at, reason, until }, also) {
      return db.transaction(async (inside) => {
        const row = await inside.first<Row>(sql`update care_decision
          set valid_until = ${until.getTime()}, renewed_at = ${at.getTime()}, renewal_reason = ${reason}
          where tenant = ${tenant} and id = ${id} and renewed_at is null and ${live(at)} and not exists (
            select 1 from care_decision as later where later.tenant = care_decision.tenant
            and later.user_id = care_decision.user_id and later.patient = care_decision.patient
            and later.template = care_decision.template and later.id <> care_decision.id
            and later.created_at >= care_decision.created_at)
          returning ${COLUMNS}`)
        if (row === undefined) return undefined
        const changed = { kind: 'patient', id: row.patient } as const
        await recordChanges(inside, tenant, [changed])
        await recordDue(inside, tenant, changed, [until])
        const renewed = read(row)
        await also?.(inside, renewed)
        return renewed
      })
    },
    end(id, now, also) {
      return db.transaction(async (inside) => {
        const row = await inside.first<Row>(sql`update care_decision set ended_at = ${now.getTime()}
          where tenant = ${tenant} and id = ${id} and ended_at is null and valid_until > ${now.getTime()}
          returning ${COLUMNS}`)
        if (row === undefined) return undefined
        await recordChanges(inside, tenant, [{ kind: 'patient', id: row.patient }])
        const ended = read(row)
        await also?.(inside, ended)
        return ended
      })
    },
    async settle(now, follow) {
      const over = sql`tenant = ${tenant} and settled = 0 and (valid_until <= ${now.getTime()} or ended_at is not null)`
      // Nearly always there is nothing, and a transaction would make every other writer wait.
      if ((await db.first(sql`select id from care_decision where ${over} limit 1`)) === undefined) return []
      return db.transaction(async (inside) => {
        // After a long stop there may be very many: the next look takes the next portion.
        // INVARIANT: the update itself asks whether it is over. A row that another process held is looked at again with
        // what stands outside the inner select alone.
        const rows = await inside.all<Row>(sql`update care_decision set settled = 1 where ${over} and id in (
          select id from care_decision where ${over} order by id limit 500) returning ${COLUMNS}`)
        const settled = rows.map(read)
        await follow(inside, settled)
        return settled
      })
    },
    async selfAuthorized({ units, templates, patients, since }) {
      const theirs = sql`tenant = ${tenant} and self_selected = 1 and (unit in (${sql.list(units)})
        or (template in (${sql.list(templates)}) and patient in (${sql.list(patients)})))`
      const rows = await db.all<Row>(sql`select ${COLUMNS} from care_decision
        where ${theirs} and reviewed_at is null and (must_review is null or must_review = 1)
        union select ${COLUMNS} from (select * from care_decision where ${theirs} and created_at >= ${since.getTime()}
          order by created_at desc, id limit ${NEWEST}) as newest
        order by valid_from desc, id`)
      return rows.map(read)
    },
    review(id, unit, { at, by, outcome, note }, also) {
      return db.transaction(async (inside) => {
        const row = await inside.first<Row>(sql`update care_decision set reviewed_at = ${at.getTime()},
          reviewed_by = ${by}, review_outcome = ${outcome}, review_note = ${note}
          where tenant = ${tenant} and id = ${id} and unit = ${unit} and self_selected = 1 and reviewed_at is null
          returning ${COLUMNS}`)
        if (row === undefined) return false
        await also?.(inside, read(row))
        return true
      })
    },
  }
}
