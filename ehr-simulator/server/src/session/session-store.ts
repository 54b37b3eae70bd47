import { hash, randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'

const MINUTE_MS = 60_000
/** A forgotten screen locks itself; a long shift signs in twice. */
export const IDLE_MS = 60 * MINUTE_MS
export const LONGEST_MS = 12 * 60 * MINUTE_MS

/** One signed-in person at one screen. `ref` names it to the authorization server and is no secret. */
export type Session = {
  readonly ref: string
  readonly user: string
  /** Null until a role is chosen; without one nothing clinical is shown. */
  readonly role: string | null
}

export interface SessionStore {
  /** Answers the cookie's value: the only copy, since storage keeps its hash. */
  start(user: string, role: string | null, now: Date): Promise<string>
  /** Undefined for unknown, ended, idle and outlived sessions alike. */
  find(secret: string, now: Date): Promise<Session | undefined>
  /** A new role is a new `ref`: whatever was launched in the old one can be ended whole. */
  chooseRole(secret: string, role: string, now: Date): Promise<Session | undefined>
  end(secret: string): Promise<Session | undefined>
  sweep(now: Date): Promise<void>
}

type Row = { readonly ref: string; readonly user_id: string; readonly role_id: string | null }
const sessionOf = (row: Row | undefined): Session | undefined =>
  row && { ref: row.ref, user: row.user_id, role: row.role_id }

const hashOf = (secret: string): string => hash('sha256', secret, 'base64url')

export function createSessionStore(db: Database, tenant: Tenant): SessionStore {
  return {
    async start(user, role, now) {
      const secret = randomBytes(32).toString('base64url')
      const at = now.getTime()
      await db.run(sql`insert into host_session (tenant, secret_hash, ref, user_id, role_id, seen_at, expires_at)
        values (${tenant}, ${hashOf(secret)}, ${randomUUID()}, ${user}, ${role}, ${at}, ${at + LONGEST_MS})`)
      return secret
    },
    async find(secret, now) {
      const at = now.getTime()
      const row = await db.first<Row & { seen_at: number }>(sql`select ref, user_id, role_id, seen_at from host_session
        where tenant = ${tenant} and secret_hash = ${hashOf(secret)} and expires_at > ${at} and seen_at > ${at - IDLE_MS}`)
      // Lists refresh themselves; writing on each of those would make reading the busiest writer.
      if (row && row.seen_at < at - MINUTE_MS) {
        await db.run(
          sql`update host_session set seen_at = ${at} where tenant = ${tenant} and secret_hash = ${hashOf(secret)}`,
        )
      }
      return sessionOf(row)
    },
    async chooseRole(secret, role, now) {
      return sessionOf(
        await db.first<Row>(sql`update host_session set role_id = ${role}, ref = ${randomUUID()}, seen_at = ${now.getTime()}
          where tenant = ${tenant} and secret_hash = ${hashOf(secret)} returning ref, user_id, role_id`),
      )
    },
    async end(secret) {
      return sessionOf(
        await db.first<Row>(sql`delete from host_session
          where tenant = ${tenant} and secret_hash = ${hashOf(secret)} returning ref, user_id, role_id`),
      )
    },
    async sweep(now) {
      const at = now.getTime()
      await db.run(
        sql`delete from host_session where tenant = ${tenant} and (expires_at <= ${at} or seen_at <= ${at - IDLE_MS})`,
      )
    },
  }
}
