import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
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
import { factsOf } from '#test/explain/case.ts'
import { OUS } from '#test/support/stub-host.ts'
import { apiToken, startWorld, type World } from '#test/support/world.ts'
import { DEEDS } from './deeds-by-address.ts'
import { logged } from './support.ts'

const MARK = 'cdp1099'

describe('the access log and the authorization server', () => {
  let world: World
  before(async () => {
    world = await startWorld({
      facts: { read: async () => factsOf() },
      limits: { toldAttemptsPerMinute: 1000, toldAttemptsPerMinuteOfAddress: 1000 },
    })
  })
  after(() => world.close())

  /** What the log holds of these requests once everything before now has travelled there; it keeps the order of deeds. */
  async function heardOf(answers: readonly { readonly headers: Headers }[]): Promise<readonly string[]> {
    const ids = new Set(answers.map(({ headers }) => headers.get('x-correlation-id')))
    const authorization = `Bearer ${await apiToken(world, 'host', '__audit.read')}`
    const mark = await fetch(`${world.issuer()}/audit/patient/${MARK}`, { headers: { authorization } })
    const marked = mark.headers.get('x-correlation-id')
    const records = await logged(world, (all) => all.some(({ correlationId }) => correlationId === marked))
    return [
      ...new Set(records.filter(({ correlationId }) => ids.has(correlationId)).map(({ activity }) => activity)),
    ].toSorted()
  }

  test('every address is asked here', () => {
    assert.deepEqual([...DEEDS.keys()].toSorted(), [...LOG_OF_ROUTE.keys()].toSorted())
  })

  for (const [route, deed] of DEEDS)
    test(`of ${route} the log hears what was promised, and nothing else`, async () => {
      const promised = LOG_OF_ROUTE.get(route)
      const heard = await heardOf(await (await deed(world))())
      assert.deepEqual(heard, promised?.kind === 'told' ? [...promised.activities].toSorted() : [])
    })

  test('every address says what the log hears of it, and no other is described', () => {
    const router = new Router<AppState>()
    addRoutes(router, new Map())
    const served = router.stack.flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => routeKey(method, String(path))),
    )
    assert.deepEqual([...LOG_OF_ROUTE.keys()].toSorted(), [...new Set(served)].toSorted())
  })

  for (const [route, inLog] of LOG_OF_ROUTE)
    test(`of a stranger at ${route} the log hears at most that somebody was refused`, async () => {
      const [method = '', template = ''] = route.split(' ')
      const place = template.startsWith('/.well-known/authzen') ? world.auth : world.issuer()
      const answer = await fetch(`${place}${template.replace(':orgnr', OUS).replaceAll(/:\w+/g, 'x')}`, {
        method,
        redirect: 'manual',
      })
      await answer.body?.cancel()
      const heard = await heardOf([answer])
      const refused = inLog.kind === 'told' && inLog.refused !== undefined ? [inLog.refused] : []
      if ([401, 403].includes(answer.status)) assert.deepEqual(heard, refused)
      else assert.ok(heard.length === 0 || (heard.length === 1 && heard[0] === refused[0]), heard.join())
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
