import { sql } from '#src/sql.ts'
import { openSqlite } from '#src/sqlite.ts'
import { OUS } from '#test/tickets.ts'

/** Writes from 32 callers until it is killed (or its parent is gone), and tells its parent of every write it was answered. */
const [file = '', prefix = ''] = process.argv.slice(2)
const db = await openSqlite({ file })
let next = 0
process.once('disconnect', () => process.exit(1))

async function writeOn(): Promise<never> {
  for (;;) {
    const id = `${prefix}${(next += 1)}`
    await db.run(sql`insert into ticket (tenant, id) values (${OUS}, ${id})`)
    process.send?.(id)
    await new Promise(setImmediate)
  }
}

await Promise.all(Array.from({ length: 32 }, writeOn))
