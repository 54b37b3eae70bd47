import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createChangeStream, formatPosition, type Page, parsePosition, type Position } from '#src/change-stream.ts'
import { readLines } from '#src/read-lines.ts'
import { refuse } from '#src/refusal.ts'
import { anApp } from '#test/builders.ts'

type Entry = { readonly sequence: number; readonly id: string }
type Line = Readonly<Record<string, string>>

const PAGE = 3
const BEAT_MS = 300
const MOST_READERS = 64

/** A log in memory: a place of another epoch means nothing to it, so its readers begin anew. */
function aLog() {
  const entries: Entry[] = []
  let epoch = 'first'
  const page = ({ sequence }: Position): Page<Entry> => {
    const some = entries.filter((entry) => entry.sequence > sequence).slice(0, PAGE)
    return {
      entries: some,
      position: { epoch, sequence: some.at(-1)?.sequence ?? sequence },
      full: some.length === PAGE,
    }
  }
  return {
    add: (id: string) => entries.push({ sequence: entries.length + 1, id }),
    makeAnew: () => {
      entries.length = 0
      epoch = 'second'
    },
    start: async () => ({ epoch, sequence: 0 }),
    resume: async (position: Position) => (position.epoch === epoch ? position : { epoch, sequence: 0 }),
    readAfter: async (position: Position) => page(position),
  }
}

describe('a stream of changes', () => {
  const stopping = new AbortController()
  let log = aLog()
  let time = new Date('2026-11-20T09:00:00Z')
  let until = new Date('2999-01-01')
  const leaving: AbortController[] = []
  const app = anApp()
  const changes = createChangeStream<Entry>({
    admit: async (ctx) =>
      ctx.get('authorization') === 'Bearer good' ? { until } : refuse(401, 'invalid_token', 'nobody'),
    // Each test has a log of its own behind the one stream.
    log: {
      start: () => log.start(),
      resume: (position) => log.resume(position),
      readAfter: (position) => log.readAfter(position),
    },
    membersOf: ({ id }) => ({ kind: 'thing', id }),
    beatEveryMs: BEAT_MS,
    now: () => time,
    stopping: stopping.signal,
  })
  app.router.get('/changes', (ctx) => changes(ctx))
  const address = app.serve()
  after(() => stopping.abort())
  beforeEach(() => {
    log = aLog()
    until = new Date('2999-01-01')
  })
  afterEach(() => {
    for (const one of leaving.splice(0)) one.abort()
  })

  async function open(query = '', authorization = 'Bearer good') {
    const leave = new AbortController()
    leaving.push(leave)
    const answer = await fetch(`${await address}/changes${query}`, { headers: { authorization }, signal: leave.signal })
    const lines: Line[] = []
    let over = false
    const read = async (body: NonNullable<typeof answer.body>) => {
      for await (const text of readLines(body)) lines.push(JSON.parse(text) as Line) // the stream under test wrote it
    }
    if (answer.status === 200 && answer.body !== null)
      read(answer.body)
        .catch(() => undefined)
        .finally(() => {
          over = true
        })
    else await answer.body?.cancel()
    return { status: answer.status, headers: answer.headers, lines, isOver: () => over, leave: () => leave.abort() }
  }
  async function untilHolds(holds: () => boolean): Promise<void> {
    const deadline = performance.now() + 20_000
    while (!holds()) {
      if (performance.now() > deadline) throw new Error('it did not come to hold in time')
      await sleep(10)
    }
  }
  const isBeat = ({ kind }: Line): boolean => kind === 'heartbeat'
  const idsOf = (lines: readonly Line[]) => lines.flatMap(({ id }) => id ?? [])

  test('tells everything, however many pages it takes, before the first heartbeat; then what comes, as it comes', async () => {
    for (let entry = 0; entry < 8; entry += 1) log.add(`before${entry}`)
    const { lines, headers } = await open()
    assert.equal(headers.get('content-type'), 'application/x-ndjson')
    assert.equal(headers.get('cache-control'), 'no-store')
    await untilHolds(() => lines.some(isBeat))
    assert.equal(lines.findIndex(isBeat), 8, 'a heartbeat stands behind all that was there')
    assert.equal(lines[8]?.['sequence'], lines[7]?.['sequence'], 'and says up to where')
    log.add('later')
    await untilHolds(() => idsOf(lines).includes('later'))
    assert.deepEqual(
      lines.find(({ id }) => id === 'later'),
      { kind: 'thing', id: 'later', sequence: 'first.9' },
    )
  })

  test('beats while nothing happens, often enough for whoever trusts nothing after a silence', async () => {
    const { lines } = await open()
    await untilHolds(() => lines.length > 0)
    const began = performance.now()
    await untilHolds(() => lines.filter(isBeat).length >= 4)
    assert.ok(performance.now() - began < 3 * (BEAT_MS + 200) + 500)
  })

  test('goes on after the place a reader names, and begins anew for one of another epoch', async () => {
    for (const id of ['a', 'b', 'c']) log.add(id)
    const first = await open('?after=first.2')
    await untilHolds(() => first.lines.some(isBeat))
    assert.deepEqual(idsOf(first.lines), ['c'])
    log.makeAnew()
    log.add('anew')
    const second = await open('?after=first.3')
    await untilHolds(() => second.lines.some(isBeat))
    assert.deepEqual(second.lines[0], { kind: 'thing', id: 'anew', sequence: 'second.1' })
  })

  test('refuses strangers before anything else, and places that are none', async () => {
    assert.equal((await open('?after=nonsense', 'Bearer bad')).status, 401)
    for (const query of [
      '?after=',
      '?after=1',
      '?after=first.',
      '?after=first.x',
      '?after=a.1&after=a.2',
      '?after=..1',
    ])
      assert.equal((await open(query)).status, 400, query)
  })

  test('ends when the reader’s right to listen does', async () => {
    until = new Date(time.getTime() + 60_000)
    const reader = await open()
    const beats = () => reader.lines.filter(isBeat).length
    await untilHolds(() => beats() > 0)
    time = new Date(until.getTime() - 1)
    const heard = beats()
    await untilHolds(() => beats() > heard)
    assert.equal(reader.isOver(), false)
    time = until
    await untilHolds(() => reader.isOver())
  })

  test('listens to so many readers and no more, and takes another when one has gone', async () => {
    const readers = await Promise.all(Array.from({ length: MOST_READERS }, () => open()))
    assert.ok(readers.every(({ status }) => status === 200))
    assert.equal((await open()).status, 503)
    readers[0]?.leave()
    await untilHolds(() => readers[0]?.isOver() === true)
    let status = 503
    for (let attempt = 0; attempt < 100 && status === 503; attempt += 1) {
      status = (await open()).status
      await sleep(20)
    }
    assert.equal(status, 200)
  })

  test('writes places so that they are read back', () => {
    const position = { epoch: 'aB_-9', sequence: 12 }
    assert.deepEqual(parsePosition(formatPosition(position)), position)
  })
})
