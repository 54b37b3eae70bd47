import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { setImmediate as tick } from 'node:timers/promises'
import { createLineOutput } from '#src/standard-output.ts'

const LOG = new URL('../src/log.ts', import.meta.url).href

/** Runs a program that logs and ends in some way; answers the events it left behind, in their order. */
function eventsOf(ending: string): readonly string[] {
  const program = `import { createLog } from ${JSON.stringify(LOG)}
    const log = createLog({ name: 'test' })
    for (let line = 0; line < 300; line += 1) log.info('line-' + line)
    ${ending}`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => String((JSON.parse(line) as { event: unknown }).event))
}

const ALL = Array.from({ length: 300 }, (_, line) => `line-${line}`)

describe('standard output', () => {
  test('the lines of one tick leave together, in the order they came', async () => {
    const written: string[] = []
    const { write } = createLineOutput((lines) => written.push(lines))
    for (const line of ['a\n', 'b\n', 'c\n']) write(line)
    assert.deepEqual(written, [])
    await tick()
    write('d\n')
    await tick()
    assert.deepEqual(written, ['a\nb\nc\n', 'd\n'])
  })

  test('an error leaves at once, behind what came before it, also when the process is killed in the same tick', () => {
    const written: string[] = []
    const { write } = createLineOutput((lines) => written.push(lines))
    write('a\n')
    write('b\n', true)
    write('c\n')
    assert.deepEqual(written, ['a\nb\n'])
    assert.deepEqual(eventsOf("log.error('last-words'); log.info('lost'); process.kill(process.pid, 'SIGKILL')"), [
      ...ALL,
      'last-words',
    ])
  })

  test('lines do not pile up while a tick lasts', () => {
    const written: string[] = []
    const { write } = createLineOutput((lines) => written.push(lines))
    for (let line = 0; line < 3000; line += 1) write('x'.repeat(100))
    assert.ok(written.length >= 4 && written.every((lines) => lines.length <= 65 * 1024))
  })

  test('nothing is lost when a process ends by itself, at once, or by an error nobody caught', () => {
    assert.deepEqual(eventsOf(''), ALL)
    assert.deepEqual(eventsOf('process.exit(3)'), ALL)
    assert.deepEqual(eventsOf("throw new Error('uncaught')"), ALL)
    assert.deepEqual(eventsOf("await Promise.reject(new Error('unhandled'))"), ALL)
    assert.deepEqual(eventsOf("setImmediate(() => { throw new Error('later') }); log.info('last')"), [...ALL, 'last'])
  })
})
