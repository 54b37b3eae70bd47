import { hash, randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { type LaunchEnding, type Moment, writeEnding } from './launch-endings.ts'

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

/** Work done on the transaction that changes the session, such as the record of it: both stand, or neither does. */
export type Also = (inside: Database, session: Session) => Promise<void>

/**
 * The sessions of one trust.
 *
 * INVARIANT: a `ref` goes out of use only in the transaction that writes down the ending of its launches. Whatever happens
 * afterwards, the authorization server hears of it: at once by whoever was answered with the ending, else by the retry.
 */
export interface SessionStore {
  /** Answers the cookie's value: the only copy, since storage keeps its hash. */
  start(user: string, role: string | null, now: Date, also: Also): Promise<string>
  /** Undefined for unknown, ended, idle and outlived sessions alike. */
  find(secret: string, now: Date): Promise<Session | undefined>
  /** A new role is a new `ref`: whatever was launched in the old one is ended whole. Undefined for a session that is over. */
  chooseRole(
    secret: string,
    role: string,
    moment: Moment,
    also: Also,
  ): Promise<{ readonly session: Session; readonly ended: readonly LaunchEnding[] } | undefined>
  /** Nothing was ended for a session nobody knows, and nothing else is done. */
  end(secret: string, moment: Moment, also: Also): Promise<readonly LaunchEnding[]>
  /** Ends every session that nobody used for `IDLE_MS`, or that has lasted `LONGEST_MS`. */
  sweep(moment: Moment): Promise<readonly LaunchEnding[]>
}

type Row = { readonly ref: string; readonly user_id: string; readonly role_id: string | null }
const sessionOf = (row: Row): Session => ({ ref: row.ref, user: row.user_id, role: row.role_id })

const hashOf = (secret: string): string => hash('sha256', secret, 'base64url')
const alive = (now: Date) => sql`expires_at > ${now.getTime()} and seen_at > ${now.getTime() - IDLE_MS}`

export function createSessionStore(db: Database, tenant: Tenant): SessionStore {
  const writeEndings = async (inside: Database, rows: readonly Row[], moment: Moment) => {
    // Nobody launches anything before a role is chosen.
    const endings = rows
      .filter(({ role_id: role }) => role !== null)
      .map(({ ref }): LaunchEnding => ({ scope: 'session', value: ref }))
    for (const ending of endings) await writeEnding(inside, tenant, ending, moment)
    return endings
  }
  return {
    async start(user, role, now, also) {
      const secret = randomBytes(32).toString('base64url')
      const session: Session = { ref: randomUUID(), user, role }
      const at = now.getTime()
      await db.transaction(async (inside) => {
        await inside.run(sql`insert into host_session (tenant, secret_hash, ref, user_id, role_id, seen_at, expires_at)
          values (${tenant}, ${hashOf(secret)}, ${session.ref}, ${user}, ${role}, ${at}, ${at + LONGEST_MS})`)
        await also(inside, session)
      })
      return secret
    },
    async find(secret, now) {
      const at = now.getTime()
      const row = await db.first<Row & { seen_at: number }>(sql`select ref, user_id, role_id, seen_at from host_session
        where tenant = ${tenant} and secret_hash = ${hashOf(secret)} and ${alive(now)}`)
      if (row === undefined) return undefined
      // Lists refresh themselves; writing on each of those would make reading the busiest writer.
      if (row.seen_at >= at - MINUTE_MS) return sessionOf(row)
      // Use and sweep may meet here: a session counts as used only if it was still there to be marked so.
      const seen = await db.first<Row>(sql`update host_session set seen_at = ${at}
        where tenant = ${tenant} and secret_hash = ${hashOf(secret)} and ${alive(now)} returning ref, user_id, role_id`)
      return seen && sessionOf(seen)
    },
    chooseRole(secret, role, moment, also) {
      return db.transaction(async (inside) => {
        // Taken by its own update, so that two choices at once each end what the other had begun.
        const former = await inside.first<Row>(sql`update host_session set seen_at = ${moment.now.getTime()}
          where tenant = ${tenant} and secret_hash = ${hashOf(secret)} and ${alive(moment.now)}
          returning ref, user_id, role_id`)
        if (former === undefined) return undefined
        const session: Session = { ref: randomUUID(), user: former.user_id, role }
        await inside.run(sql`update host_session set role_id = ${role}, ref = ${session.ref}
          where tenant = ${tenant} and secret_hash = ${hashOf(secret)}`)
        await also(inside, session)
        return { session, ended: await writeEndings(inside, [former], moment) }
      })
    },
    end(secret, moment, also) {
      return db.transaction(async (inside) => {
        const row = await inside.first<Row>(sql`delete from host_session
          where tenant = ${tenant} and secret_hash = ${hashOf(secret)} returning ref, user_id, role_id`)
        if (row === undefined) return []
        await also(inside, sessionOf(row))
        return writeEndings(inside, [row], moment)
      })
    },
    async sweep(moment) {
      const at = moment.now.getTime()
      return db.transaction(async (inside) => {
        const rows = await inside.all<Row>(sql`delete from host_session
          where tenant = ${tenant} and (expires_at <= ${at} or seen_at <= ${at - IDLE_MS})
          returning ref, user_id, role_id`)
        return writeEndings(inside, rows, moment)
      })
    },
  }
}
