import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readKeySchedule } from '#src/keys/configuration.ts'
import { isNextDue, jwksMaxAgeSeconds, scheduleOfDays, stagesOf } from '#src/keys/stages.ts'
import { LONGEST_TOKEN_SECONDS } from '#src/provider/lifetimes.ts'
import { later, NOW } from '#test/storage/builders.ts'

const MONTH = 30 * 24 * 3600
const PUBLISHED_BEFORE = 15 * 60
const schedule = scheduleOfDays(30)

const keys = (...signsFrom: readonly number[]) =>
  signsFrom.map((seconds, index) => ({ generation: index + 1, signsFrom: later(seconds) }))

const stagesAt = (seconds: number, given: ReturnType<typeof keys>) =>
  stagesOf(given, later(seconds)).map(([, stage]) => stage)

describe('a signing key', () => {
  test('is published before it signs and until what it signed has expired, and then is gone', () => {
    const pair = keys(0, MONTH)
    assert.deepEqual(stagesAt(MONTH - 1, pair), ['current', 'next'])
    assert.deepEqual(stagesAt(MONTH, pair), ['retired', 'current'])
    assert.deepEqual(stagesAt(MONTH + LONGEST_TOKEN_SECONDS + 60, pair), ['retired', 'current'])
    assert.deepEqual(stagesAt(MONTH + LONGEST_TOKEN_SECONDS + 600, pair), ['gone', 'current'])
  })

  test('stands where it stands in whatever order the rows come', () => {
    const [first, second, third] = stagesOf(keys(0, 100, 200).toReversed(), later(150))
    assert.deepEqual([first?.[1], second?.[1], third?.[1]], ['retired', 'current', 'next'])
  })

  test('signs as the only one even if the clock that made it was ahead of ours', () => {
    assert.deepEqual(stagesAt(-20, keys(0)), ['current'])
  })

  test('is followed by one that is published early enough to take over on time, and by one only', () => {
    const due = MONTH - PUBLISHED_BEFORE
    assert.equal(isNextDue(keys(0), schedule, later(due - 1)), false)
    assert.equal(isNextDue(keys(0), schedule, later(due)), true)
    assert.equal(isNextDue(keys(0, due + PUBLISHED_BEFORE), schedule, later(due + 1)), false)
    assert.equal(isNextDue([], schedule, NOW), false)
  })

  test('is published for longer than anybody may keep the key set, whatever the schedule', () => {
    for (const days of [1, 30, 365]) {
      const any = scheduleOfDays(days)
      assert.ok(jwksMaxAgeSeconds(any) * 1000 + any.lookEveryMs < any.publishedBeforeMs)
    }
  })
})

describe('the configured days of a key', () => {
  test('are 30 unless said otherwise, and from 1 to 365', () => {
    assert.deepEqual(readKeySchedule({}), scheduleOfDays(30))
    assert.deepEqual(readKeySchedule({ UTHOPP_KEY_DAYS: '7' }), scheduleOfDays(7))
    for (const wrong of ['0', '-1', '366', '1.5', 'never', '1e2'])
      assert.throws(() => readKeySchedule({ UTHOPP_KEY_DAYS: wrong }), /UTHOPP_KEY_DAYS: .* is not a number of days/)
  })
})
