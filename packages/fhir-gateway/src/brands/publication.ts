import { createHash } from 'node:crypto'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { AppContext } from '@uthopp/server-kit/http-app'
import type { Database } from '@uthopp/storage/database'
import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'
import { brandBundle } from './brand-bundle.ts'

/** The brands as they are served: one text, and the name of exactly this text. */
export type Publication = { readonly body: string; readonly etag: string }

export const PUBLICATION_MIGRATIONS: readonly Migration[] = [
  {
    id: '003-brand-publication',
    up: [
      sql`create table brand_publication (slot bigint primary key, content_hash text not null, changed_at bigint not null)`,
    ],
  },
]

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/**
 * Makes the bundle of a deployment. Its time is that of the last change (SAL-227), so it is kept across starts, and nodes
 * that start together agree on it. `undefined` where no brands are published.
 */
export async function publishBrands(db: Database, deployment: Deployment, now: Date): Promise<Publication | undefined> {
  const { brands } = deployment
  if (brands === undefined) return undefined
  const hash = hashOf(JSON.stringify(brandBundle(deployment, brands, new Date(0))))
  await db.acrossTenants.run(sql`
    insert into brand_publication (slot, content_hash, changed_at) values (1, ${hash}, ${now.getTime()})
    on conflict (slot) do update set content_hash = excluded.content_hash, changed_at = excluded.changed_at
      where brand_publication.content_hash <> excluded.content_hash`)
  const row = await db.acrossTenants.first<{ changed_at: number }>(
    sql`select changed_at from brand_publication where slot = 1`,
  )
  const body = JSON.stringify(brandBundle(deployment, brands, new Date(row?.changed_at ?? now.getTime())))
  return { body, etag: `W/"${hashOf(body)}"` }
}

/** SAL-226: anybody may read it, and asks again by its tag. */
export function answerBrands(ctx: AppContext, { body, etag }: Publication): void {
  // Readers that send no `Origin` look for this too.
  ctx.set({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300', etag })
  const known = ctx.get('if-none-match').split(',')
  if (known.some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag.slice(2))) {
    ctx.status = 304
    return
  }
  ctx.type = 'application/json'
  ctx.body = body
}
