import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('./process-under-test.ts', import.meta.url))

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said.out += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.err += chunk))
  return { child, said, ended: once(child, 'close').then(([code]: unknown[]) => code) }
}

describe('a process', () => {
  test('with a broken configuration prints one line a problem and ends with 78', async () => {
    const { said, ended } = start({ PORT: 'x', NAME: '' })
    assert.equal(await ended, 78)
    assert.equal(said.err, 'thing: NAME: is required\nthing: PORT: `x` is not a port number\n')
  })

  test('whose port is taken says so in one line', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen({ host: '127.0.0.1', port: 0 }, resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { said, ended } = start({ PORT: String(port), NAME: 'a' })
    assert.equal(await ended, 78)
    assert.equal(said.err, `thing: port ${port} is taken; stop what holds it or set PORT\n`)
    holder.close()
  })

  test('whose data cannot be kept, or whose database is away, says so in one line without the address', async () => {
    const kept = start({ PORT: '0', NAME: 'a', DATA: join(SCRIPT, 'data') })
    assert.equal(await kept.ended, 78)
    assert.equal(kept.said.err, `thing: UTHOPP_DATA: \`${join(SCRIPT, 'data')}\` cannot be used (ENOTDIR)\n`)
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen({ host: '127.0.0.1', port: 0 }, resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => holder.close(resolve))
    const away = start({ PORT: '0', NAME: 'a', DATABASE_PORT: String(port) })
    assert.equal(await away.ended, 78)
    assert.equal(away.said.err, 'thing: UTHOPP_DATABASE: cannot be used (ECONNREFUSED)\n')
  })

  test('closes in order and ends with 0 on SIGTERM, even one that comes before it has quite started', async () => {
    const { child, said, ended } = start({ PORT: '0', NAME: 'a' })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
    assert.equal(said.out, 'listening\nclosed\n')
  })
})
