import { contend } from '#src/race.ts'
import { sql } from '#src/sql.ts'
import { OUS } from '#test/tickets.ts'

await contend(async (db) => {
  for (let round = 0; round < 10; round += 1) {
    await db.transaction(async (inside) => {
      const row = await inside.first<{ spent_at: number }>(sql`select spent_at from ticket where tenant = ${OUS}`)
      await inside.run(sql`update ticket set spent_at = ${(row?.spent_at ?? 0) + 1} where tenant = ${OUS}`)
    })
  }
  return true
})
