import { contend } from '#src/race.ts'
import { OUS, redeem } from '#test/tickets.ts'

await contend((db) => redeem(db, OUS, 'a', `process ${process.pid}`))
