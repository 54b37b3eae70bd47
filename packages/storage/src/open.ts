import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

/** Where a database is, in a form that another process can be told. */
export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly file: string; readonly durability?: 'full' | 'normal' }
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string }

export function openPlace(place: Place): Promise<Database> {
  if (place.kind === 'postgres') return openPostgres(place)
  return openSqlite(place.kind === 'memory' ? { file: ':memory:' } : place)
}

/**
 * Opens a process's own database: memory when nothing is to be kept, PostgreSQL when an address is configured, else
 * `<data>/<name>.sqlite`. `name` is also the schema.
 */
export function openDatabase(options: {
  readonly name: string
  readonly storage: 'disk' | 'memory'
  readonly data: string | undefined
  readonly databaseUrl: string | undefined
  readonly durability?: 'full' | 'normal'
}): Promise<Database> {
  const { name, storage, data, databaseUrl, durability = 'full' } = options
  if (storage === 'memory') return openPlace({ kind: 'memory' })
  if (databaseUrl !== undefined) return openPlace({ kind: 'postgres', url: databaseUrl, schema: name })
  if (data === undefined) throw new Error('a data directory is needed to keep a database')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  return openPlace({ kind: 'file', file: join(data, `${name}.sqlite`), durability })
}
