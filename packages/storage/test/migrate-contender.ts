import { migrate } from '#src/migrate.ts'
import { contend } from '#src/race.ts'
import { MIGRATIONS, OUS, offer } from '#test/tickets.ts'

await contend(async (db) => {
  await migrate(db, MIGRATIONS)
  await offer(db, OUS, `from ${process.pid}`)
  return true
})
