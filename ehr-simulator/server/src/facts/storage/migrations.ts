import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

/** What the host knows about who has to do with whom, and the order in which it came to change. */
export const FACT_MIGRATIONS: readonly Migration[] = [
  {
    id: '201-facts',
    up: [
      sql`create table fact_head (
        tenant text not null,
        epoch text not null,
        sequence bigint not null,
        primary key (tenant)
      )`,
      sql`create table fact_change (
        tenant text not null,
        kind text not null,
        id text not null,
        sequence bigint not null,
        primary key (tenant, kind, id)
      )`,
      sql`create unique index fact_change_by_sequence on fact_change (tenant, sequence)`,
      sql`create table fact_due (
        tenant text not null,
        kind text not null,
        id text not null,
        due_at bigint not null,
        primary key (tenant, kind, id, due_at)
      )`,
      sql`create index fact_due_by_time on fact_due (tenant, due_at)`,
      sql`create table care_contact (
        tenant text not null,
        id text not null,
        patient text not null,
        kind text not null,
        unit text not null,
        user_id text,
        encounter text,
        starts_at bigint not null,
        ends_at bigint,
        elements text not null,
        origin text not null,
        cancelled_at bigint,
        primary key (tenant, id)
      )`,
      sql`create index care_contact_by_patient on care_contact (tenant, patient)`,
      sql`create index care_contact_by_unit on care_contact (tenant, unit)`,
      sql`create table care_team_member (
        tenant text not null,
        patient text not null,
        user_id text not null,
        primary key (tenant, patient, user_id)
      )`,
      sql`create index care_team_by_user on care_team_member (tenant, user_id)`,
      sql`create table care_decision (
        tenant text not null,
        id text not null,
        patient text not null,
        user_id text not null,
        role_id text not null,
        unit text not null,
        template text not null,
        purpose text not null,
        elements text not null,
        items text not null,
        reason text not null,
        self_selected bigint not null,
        valid_from bigint not null,
        valid_until bigint not null,
        ended_at bigint,
        settled bigint not null,
        renewed_at bigint,
        renewal_reason text,
        created_at bigint not null,
        reviewed_at bigint,
        reviewed_by text,
        review_outcome text,
        review_note text,
        primary key (tenant, id)
      )`,
      sql`create index care_decision_by_holder on care_decision (tenant, user_id, valid_until)`,
      sql`create index care_decision_by_patient on care_decision (tenant, patient, valid_until)`,
      sql`create index care_decision_by_unit on care_decision (tenant, unit, created_at)`,
      sql`create table care_block (
        tenant text not null,
        id text not null,
        patient text not null,
        kind text not null,
        target text not null,
        starts_at bigint not null,
        ended_at bigint,
        primary key (tenant, id)
      )`,
      sql`create index care_block_by_patient on care_block (tenant, patient)`,
      sql`create table licence (
        tenant text not null,
        user_id text not null,
        active bigint not null,
        valid_until bigint,
        primary key (tenant, user_id)
      )`,
    ],
  },
  {
    id: '202-care-decision-must-review',
    // Nothing is known of those that stand already: they count as waiting, and who reads them works it out.
    up: [
      sql`alter table care_decision add column must_review bigint`,
      sql`create index care_decision_waiting on care_decision (tenant, created_at) where reviewed_at is null and self_selected = 1`,
    ],
  },
]
