import { createHash } from 'node:crypto'
import { Client, type CustomTypesConfig, escapeIdentifier, Pool, type PoolClient, types } from 'pg'
import { type Connection, databaseOn } from './connection.ts'
import type { Database } from './database.ts'
import type { Sql, SqlValue } from './sql.ts'

export type PostgresOptions = {
  readonly url: string
  /** One schema a process, made if it is missing. */
  readonly schema: string
  readonly connections?: number
}

const STATEMENT_TIMEOUT_MS = 10_000
const NAMED_STATEMENTS = 500
/** Any constant does; it keeps two processes from making one schema at once. */
const SCHEMA_LOCK = 5_481_001

/** Opens a pool whose connections see one schema only. Isolation is read committed, PostgreSQL's default. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(options.schema)) throw new Error(`\`${options.schema}\` is not a schema name`)
  const pool = new Pool({
    connectionString: options.url,
    options: `-c search_path=${options.schema}`,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    types: customTypes,
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  const named = statementNames()
  try {
    await makeSchema(pool, options.schema)
  } catch (error) {
    await pool.end()
    throw error
  }
  return databaseOn({
    engine: 'postgres',
    statements: statementsOf(pool, named),
    async exclusively(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      const connection: Connection = {
        ...statementsOf(client, named),
        async control(command) {
          try {
            await client.query(command)
          } catch (error) {
            broken = error instanceof Error ? error : new Error('a transaction could not be ended')
            throw error
          }
        },
      }
      try {
        return await work(connection)
      } finally {
        client.release(broken)
      }
    },
    close: () => pool.end(),
  })
}

async function makeSchema(pool: Pool, schema: string): Promise<void> {
  const client = await pool.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_namespace where nspname = $1', [schema])
    if (rowCount === 0) {
      await client.query('begin')
      await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
      await client.query(`create schema if not exists ${schema}`)
      await client.query('commit')
    }
    // An address with `options` of its own, or a pooler in between, would drop our search path and mix owners' tables.
    const { rows } = await client.query<{ name: string | null }>('select current_schema() as name')
    if (rows[0]?.name !== schema) throw new Error('the database address sets a search path of its own')
  } finally {
    client.release()
  }
}

function statementsOf(
  client: Pool | PoolClient,
  named: ReturnType<typeof statementNames>,
): Omit<Connection, 'control'> {
  const query = (statement: Sql) => {
    const text = statement.texts.reduce((before, after, index) => `${before}$${index}${after}`)
    const name = named(text)
    return client.query<Record<string, unknown>>({
      ...(name === undefined ? {} : { name }),
      text,
      values: statement.values.map(input),
    })
  }
  return {
    all: async (statement) => (await query(statement)).rows,
    first: async (statement) => (await query(statement)).rows[0],
    run: async (statement) => (await query(statement)).rowCount ?? 0,
  }
}

/** Names statements by their text, so that each connection plans them once; a bounded number, since lists vary in length. */
function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= NAMED_STATEMENTS) return known
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
    names.set(text, name)
    return name
  }
}

const input = (value: SqlValue): unknown => {
  if (typeof value === 'boolean') return Number(value)
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

const wholeNumber = (text: string): number => Number(text)

/** Both engines answer whole numbers as numbers; `bigint` columns hold milliseconds and counters, which fit. */
const customTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? wholeNumber : types.getTypeParser(oid, format)),
}

/** Takes a schema and all in it away; for tests. */
export async function dropSchema(options: Pick<PostgresOptions, 'url' | 'schema'>): Promise<void> {
  const client = new Client({ connectionString: options.url })
  await client.connect()
  try {
    await client.query(`drop schema if exists ${escapeIdentifier(options.schema)} cascade`)
  } finally {
    await client.end()
  }
}
