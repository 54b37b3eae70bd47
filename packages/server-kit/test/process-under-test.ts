import { port, readEnvironment, required, text } from '#src/config.ts'
import { listen } from '#src/listen.ts'
import { runProcess } from '#src/run-process.ts'

await runProcess('thing', async () => {
  const config = readEnvironment(process.env, { name: required('NAME', text), port: required('PORT', port) })
  const server = await listen((_req, res) => res.end(config.name), { port: config.port, name: 'thing' })
  process.stdout.write('listening\n')
  return {
    async close() {
      await server.close()
      process.stdout.write('closed\n')
    },
  }
})
