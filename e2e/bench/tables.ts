import type { Measured } from './line.ts'
import { median, memoryOf, percentile } from './measure.ts'
import { WRITERS } from './storage-rows.ts'

const number = (digits: number) => (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(digits))
const ms = number(2)
const whole = number(0)
const times = (value: number) => (Number.isFinite(value) ? `${value.toFixed(2)} ×` : '–')

/** Prints one table, its columns as wide as they must be. */
export function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  console.log(`\n${title}\n\n${[line(head), line(rule), ...rows.map(line)].join('\n')}`)
}

const TOGETHER = 'authorize + token'

/** What each request costs the process that answers it, beside the signatures it cannot do without. */
export function printOne({ contestant, record, reads, writes, blocks }: Measured): void {
  const row = (name: string, ...of: readonly string[]) => [
    name,
    ms(median(of.length === 1 ? record.timings(of[0] ?? '') : [])),
    ms(percentile(of.length === 1 ? record.timings(of[0] ?? '') : [], 0.95)),
    ms(record.cpu(...of)),
    ms(record.raw(...of)),
    times(record.ratio(...of)),
  ]
  const rows = record.names.map((name) => row(name, name))
  print(
    `${contestant.name}: requests, SQLite on disk. Durations with one caller; processor time a request of the answering process with 16 callers`,
    ['request', 'p50 ms', 'p95 ms', 'cpu ms', 'signatures ms', 'ratio'],
    [...rows, row(TOGETHER, 'authorize', 'token (code)')],
  )
  print(
    `${contestant.name}: reads of the same store in turns, one caller: through the gateway (token, scopes, compartment, every resource) and past it, with the gateway’s own requests`,
    ['read', 'gateway p50 ms', 'direct p50 ms', 'added ms', 'ratio'],
    reads.map(({ name, through, direct }) => {
      const [a, b] = [median(through), median(direct)]
      return [name, ms(a), ms(b), ms(a - b), times(a / b)]
    }),
  )
  print(
    `${contestant.name}: single writes to SQLite, each durable before it is answered`,
    ['callers', 'writes a second'],
    WRITERS.map((writers) => [String(writers), whole(median(writes.get(writers) ?? []))]),
  )
  print(
    `${contestant.name}: resident memory after all of the above (${contestant.startUpSeconds.toFixed(1)} s from an empty folder until all were ready)`,
    ['process', 'MB'],
    Object.entries(contestant.pids).map(([name, pid]) => [name, ms(memoryOf(pid))]),
  )
  print(
    `${contestant.name}: how long the gateway’s event loop stood still at most in a round of all of the above, by whatever work, also of others on the machine`,
    ['of the rounds', 'ms'],
    [
      ['median', ms(median(blocks))],
      ['longest', ms(Math.max(...blocks))],
    ],
  )
}

/** Medians of both side by side; a ratio below one means that the first is better. */
export function printBoth(title: string, one: Measured, other: Measured): void {
  const names = [one.contestant.name, other.contestant.name] as const
  const pair = (a: number, b: number, format: (value: number) => string) => [format(a), format(b), times(a / b)]
  const row = (name: string, ...of: readonly string[]) => {
    const p50 = ({ record }: Measured) => median(of.length === 1 ? record.timings(of[0] ?? '') : [])
    return [
      name,
      ...pair(p50(one), p50(other), ms),
      ...pair(one.record.cpu(...of), other.record.cpu(...of), ms),
      times(one.record.ratio(...of)),
      times(other.record.ratio(...of)),
    ]
  }
  print(
    `${title}: ${names[0]} against ${names[1]}, in turns`,
    [
      'request',
      ...names.map((n) => `p50 ${n}`),
      'ratio',
      ...names.map((n) => `cpu ${n}`),
      'ratio',
      ...names.map((n) => `to signatures ${n}`),
    ],
    [...one.record.names.map((name) => row(name, name)), row(TOGETHER, 'authorize', 'token (code)')],
  )
  print(
    `${title}: reads, p50 ms`,
    ['read', ...names.map((n) => `gateway ${n}`), 'ratio', ...names.map((n) => `direct ${n}`), 'ratio'],
    one.reads.map(({ name, through, direct }, index) => [
      name,
      ...pair(median(through), median(other.reads[index]?.through ?? []), ms),
      ...pair(median(direct), median(other.reads[index]?.direct ?? []), ms),
    ]),
  )
  print(
    `${title}: durable single writes a second (above one is better)`,
    ['callers', ...names, 'ratio'],
    WRITERS.map((writers) => [
      String(writers),
      ...pair(median(one.writes.get(writers) ?? []), median(other.writes.get(writers) ?? []), whole),
    ]),
  )
}
