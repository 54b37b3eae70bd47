import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ACTIVITIES } from '@uthopp/audit/activities'

const ROOT = new URL('../../', import.meta.url)

/** They read the log, tell it to people or promise what others write. */
const READERS = [
  /\/activities\.ts$/,
  /\/route-activities\.ts$/,
  /^packages\/audit\/src\/formats\//,
  /^packages\/policy\//,
  /^auth-server\/src\/explain\/explanation\.ts$/,
  /^ehr-simulator\/server\/src\/citizen\/lo[a-z-]+\.ts$/,
]

test('every activity of the access log is written by somebody', () => {
  const sources = globSync('{auth-server,ehr-simulator/server,packages/*}/src/**/*.ts', { cwd: ROOT })
    .filter((path) => !READERS.some((reader) => reader.test(path)))
    .map((path) => readFileSync(new URL(path, ROOT), 'utf8'))
  const unwritten = ACTIVITIES.filter((activity) => !sources.some((source) => source.includes(`'${activity}'`)))
  assert.deepEqual(unwritten, [])
})
