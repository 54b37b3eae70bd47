import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { port, readEnvironment, required, text } from '#src/config.ts'
import { listen } from '#src/listen.ts'
import { runProcess } from '#src/run-process.ts'

await runProcess('thing', async () => {
  const config = readEnvironment(process.env, { name: required('NAME', text), port: required('PORT', port) })
  const { DATA: data, DATABASE_PORT: database } = process.env
  if (data !== undefined) mkdirSync(data, { recursive: true })
  if (database !== undefined) await once(connect(Number(database), '127.0.0.1'), 'connect')
  const server = await listen((_req, res) => res.end(config.name), { port: config.port, name: 'thing' })
  process.stdout.write('listening\n')
  return {
    async close() {
      await server.close()
      process.stdout.write('closed\n')
    },
  }
})
