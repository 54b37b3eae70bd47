import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDeliveryHealth } from '#src/delivery/delivery-health.ts'

test('records that do not arrive are told of, and only after a while', async () => {
  let [seconds, aside] = [5, 0]
  const health = createDeliveryHealth({ oldestPendingSeconds: async () => seconds, setAside: async () => aside })
  await health.look()
  assert.deepEqual(health.warnings(), [])
  ;[seconds, aside] = [61.4, 2]
  await health.look()
  assert.deepEqual(health.warnings(), [
    'audit records have been waiting for 61 seconds',
    'the audit repository refused 2 records, which wait to be looked at',
  ])
})
