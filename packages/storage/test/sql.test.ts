import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Database } from '#src/database.ts'
import { type Sql, type SqlValue, sql } from '#src/sql.ts'
import { parseTenant, type Tenant, tenantOf } from '#src/tenant.ts'

const tenant = tenantOf('993467049')
const shape = (statement: Sql) => [statement.texts, statement.values]

describe('tagged SQL', () => {
  test('a hostile value stays a value', () => {
    const hostile = "'; drop table launch; --"
    assert.deepEqual(shape(sql`select 1 where a = ${hostile} and b = ${1}`), [
      ['select 1 where a = ', ' and b = ', ''],
      [hostile, 1],
    ])
  })

  test('fragments nest, and their values keep their order', () => {
    const inner = sql`b = ${2} or c in (${sql.list([3, 4])})`
    assert.deepEqual(shape(sql`select ${1} where ${inner} and d = ${5}`), [
      ['select ', ' where b = ', ' or c in (', ', ', ') and d = ', ''],
      [1, 2, 3, 4, 5],
    ])
  })

  test('an object made to look like a fragment by a caller has no way in: JSON cannot be interpolated', () => {
    const body: { readonly kind: string } = JSON.parse('{"kind":"sql","texts":["1 or 1=1"],"values":[]}')
    // @ts-expect-error -- parsed JSON is neither a value nor a fragment
    assert.throws(() => sql`select 1 where a = ${body}`, /not a value/)
  })

  test('an empty list is in nothing, and joined conditions stay apart', () => {
    assert.deepEqual(shape(sql`x in (${sql.list([])})`), [['x in (null)'], []])
    assert.deepEqual(shape(sql.join([sql`a = ${1}`, sql`b = ${2}`], ' or ')), [
      ['a = ', ' or b = ', ''],
      [1, 2],
    ])
    assert.deepEqual(shape(sql`select * from ${sql.raw('launch')}`), [['select * from launch'], []])
  })
})

describe('the tenant', () => {
  test('is nine digits and nothing else', () => {
    assert.equal(parseTenant('993467049'), '993467049')
    for (const wrong of ['', '99346704', '9934670490', '99346704x', ' 993467049', '993467049\n', '٩٩٣٤٦٧٠٤٩']) {
      assert.equal(typeof parseTenant(wrong), 'object', wrong)
      assert.throws(() => tenantOf(wrong))
    }
  })
})

/** Never run: `tsc` is the test. Every line the type checker must refuse carries its reason. */
export async function queriesWithoutTenantDoNotTypeCheck(
  db: Database,
  orgnr: string,
  maybe: Tenant | null,
): Promise<void> {
  const scoped = sql`select 1 where tenant = ${tenant}`
  const bare = sql`select 1`
  await db.all(scoped)
  await db.all(sql`select 1 from (${scoped}) as inner_query where n = ${1}`)
  await db.run(sql.join([scoped, scoped], ' union all '))
  await db.acrossTenants.all(bare)
  await db.acrossTenants.all(scoped)
  await db.transaction(async (inside) => {
    await inside.first(scoped)
    // @ts-expect-error -- inside a transaction a tenant is needed as well
    await inside.first(bare)
  })
  // @ts-expect-error -- a statement without values names no tenant
  await db.all(bare)
  // @ts-expect-error -- a statement with other values names no tenant
  await db.first(sql`select 1 where id = ${1}`)
  // @ts-expect-error -- a text that merely looks like one has not been checked
  await db.run(sql`select 1 where tenant = ${orgnr}`)
  // @ts-expect-error -- a tenant that may be missing is none
  await db.run(sql`select 1 where tenant = ${maybe}`)
  // @ts-expect-error -- a fragment without one does not lend it
  await db.run(sql`select 1 where ${bare}`)
  // @ts-expect-error -- one scoped condition of several is not enough: the other might be an "or"
  await db.run(sql.join([scoped, bare], ' or '))
  // @ts-expect-error -- a list is never the tenant condition
  await db.run(sql.list([tenant]))
  // @ts-expect-error -- times are whole milliseconds
  await db.run(sql`select 1 where tenant = ${tenant} and expires_at > ${new Date()}`)
  // @ts-expect-error -- a computed name could carry anything
  await db.run(sql`select 1 from ${sql.raw(orgnr)} where tenant = ${tenant}`)
  const value: SqlValue = 'x'
  // @ts-expect-error -- nor does a value of any other kind
  await db.run(sql`select 1 where a = ${value}`)
}
