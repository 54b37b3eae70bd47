import assert from 'node:assert/strict'
import { isProblem, type Problem } from '#src/problem.ts'

/** What a parser read, in a test that expects it to. */
export function read<T>(value: T | Problem): T {
  if (isProblem(value)) assert.fail(`\`${value.input}\`: ${value.reason}`)
  return value
}
