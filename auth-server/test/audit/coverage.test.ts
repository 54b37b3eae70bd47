import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Router } from '@koa/router'
import { ACTIVITIES } from '@uthopp/audit/activities'
import { formatRecord, parseRecord } from '@uthopp/audit/wire'
import type { AppState } from '@uthopp/server-kit/http-app'
import { isProblem } from '@uthopp/smart-core/problem'
import { recordOfEvent } from '#src/audit/audited-events.ts'
import { ACTIVITY_OF } from '#src/audit/event-activities.ts'
import { LOG_OF_ROUTE, routeKey } from '#src/audit/route-activities.ts'
import { addRoutes } from '#src/http/routes.ts'
import type { LaunchEvent } from '#src/launch/events.ts'

describe('the access log and the authorization server', () => {
  test('every address says what the log hears of it, and no other is described', () => {
    const router = new Router<AppState>()
    addRoutes(router, new Map())
    const served = router.stack.flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => routeKey(method, String(path))),
    )
    assert.deepEqual([...LOG_OF_ROUTE.keys()].toSorted(), [...new Set(served)].toSorted())
  })

  test('every event is told as an activity that exists, or is told elsewhere for a reason', () => {
    // That none is missing is what the type of the list says; an event without a line does not compile.
    for (const [event, told] of Object.entries(ACTIVITY_OF)) {
      if (told.kind === 'elsewhere') assert.ok(told.why.length > 10, event)
      else assert.ok(ACTIVITIES.includes(told.activity), event)
    }
  })

  test('every event makes a record that the log takes, whatever a host or an app wrote', () => {
    const asker = {
      kind: 'clinician',
      user: 'stf101',
      role: null,
      patient: 'cdp1001',
      purpose: 'because I say so',
      decision: 'with spaces in it',
    } as const
    for (const event of Object.keys(ACTIVITY_OF) as LaunchEvent[]) {
      const record = recordOfEvent('993467049', new Date(), event, { code: 'x y', rule: 'a-rule' }, { asker })
      if (record === undefined) continue
      const read = parseRecord(JSON.parse(JSON.stringify(formatRecord(record))))
      assert.ok(!isProblem(read), `${event}: ${isProblem(read) ? read.reason : ''}`)
    }
  })

  test('every activity of norway.md §5.3 that this server does has an event or an address', () => {
    const told = new Set([
      ...Object.values(ACTIVITY_OF).flatMap((one) => (one.kind === 'told' ? [one.activity] : [])),
      ...[...LOG_OF_ROUTE.values()].flatMap((one) => (one.kind === 'told' ? one.activities : [])),
    ])
    for (const activity of [
      'login',
      'login-refused',
      'launch-offered',
      'launch-redeemed',
      'launch-expired',
      'scope-decided',
      'token-issued',
      'token-refreshed',
      'token-revoked',
      'token-introspected',
      'token-refused',
      'launch-ended',
      'registration-changed',
      'policy-changed',
      'log-read',
    ] as const)
      assert.ok(told.has(activity), activity)
  })
})
