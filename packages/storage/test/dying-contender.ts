import { contend } from '#src/race.ts'
import { OUS, offer } from '#test/tickets.ts'

await contend((db) =>
  db.transaction(async (inside) => {
    await offer(inside, OUS, 'half done')
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => undefined)
  }),
)
