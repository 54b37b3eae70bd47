import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '@uthopp/server-kit/log'
import { createPolicyDesk } from '#src/policy/policy-desk.ts'
import { policyStub } from '../policy-stub.ts'
import { aTrust } from './a-trust.ts'

test('whoever watches hears of stages that are not acted on and of rules that were refused, by trust', () => {
  const stub = policyStub()
  const desk = createPolicyDesk({
    trusts: [
      { trust: aTrust('993467049'), stage: 'enforce' },
      { trust: aTrust('983971636'), stage: 'log-only' },
    ],
    decidingFor: ({ orgnr }) => ({ ...stub, warnings: () => (orgnr === '993467049' ? ['the rules are refused'] : []) }),
    log: createLog({ name: 'gateway', level: 'error', write: () => undefined }),
  })
  assert.deepEqual(desk.warnings(), [
    'policy of 993467049: the rules are refused',
    'policy of 983971636 is log-only at the gateway',
  ])
  assert.equal(desk.ready(), undefined)
})
