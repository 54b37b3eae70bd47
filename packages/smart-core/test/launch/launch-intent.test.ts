import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { parseLaunchIntent } from '#src/launch/launch-intent.ts'
import { isProblem } from '#src/problem.ts'
import { corpus } from '#test/corpus.ts'
import { read } from '#test/required.ts'

type Intents = {
  readonly minimal: object
  readonly full: object
  readonly refused: readonly { readonly member: string; readonly change: object; readonly why: string }[]
}
const intents = corpus('launch-intents') as Intents // our own committed table

describe('a launch intent', () => {
  test('of the few required members is complete: what is absent is null, the banner is wanted, the launch is bound', () => {
    assert.deepEqual(read(parseLaunchIntent(intents.minimal)), {
      stage: 'intent',
      clientId: 'pacs-viewer',
      user: 'stf101',
      role: null,
      patient: null,
      encounter: null,
      fhirContext: [],
      intent: null,
      appContext: null,
      needPatientBanner: true,
      smartStyleUrl: null,
      decision: null,
      purpose: null,
      acr: 0,
      session: 's-1',
      workspace: null,
      launchUri: null,
      bound: true,
    })
  })

  test('with every member is read in our names', () => {
    const intent = read(parseLaunchIntent(intents.full))
    assert.equal(intent.needPatientBanner, false)
    assert.equal(intent.smartStyleUrl, 'http://localhost:4300/993467049/style.json')
    assert.equal(intent.appContext, '{"form": "nrs-2002",\n "step": 2}')
    assert.equal(intent.launchUri, 'http://localhost:4101/launch.html')
    assert.equal(intent.acr, 4)
    assert.equal(intent.bound, false)
    assert.equal(intent.fhirContext.length, 4)
  })

  for (const { member, change, why } of intents.refused) {
    test(`is refused with ${JSON.stringify(change)}: ${why}`, () => {
      const parsed = parseLaunchIntent({ ...intents.minimal, ...change })
      assert.ok(isProblem(parsed))
      assert.ok(parsed.reason.includes(member) || parsed.input.includes(member), parsed.reason)
    })
  }

  test('carries at most 4,096 characters for a task (SAL-111)', () => {
    const withContext = (length: number) => parseLaunchIntent({ ...intents.minimal, appContext: 'x'.repeat(length) })
    assert.equal(read(withContext(4096)).appContext?.length, 4096)
    assert.ok(isProblem(withContext(4097)))
  })

  test('that is no object is refused', () => {
    for (const body of [null, undefined, 'text', 7, [], [intents.minimal]])
      assert.ok(isProblem(parseLaunchIntent(body)))
  })

  test('with inherited members is refused for those it lacks itself', () => {
    assert.ok(
      isProblem(parseLaunchIntent(JSON.parse('{"__proto__": {"client_id": "a", "user": "u", "session": "s"}}'))),
    )
  })

  test('of any JSON is an intent or a problem, never a throw', () => {
    const member = fc.constantFrom(
      'client_id',
      'user',
      'session',
      'patient',
      'fhirContext',
      'acr',
      'launch_uri',
      '__proto__',
    )
    const body = fc.dictionary(fc.oneof(member, fc.string()), fc.jsonValue())
    fc.assert(
      fc.property(body, (change) => {
        const parsed = parseLaunchIntent({ ...intents.minimal, ...change })
        if (!isProblem(parsed)) assert.equal(parsed.stage, 'intent')
      }),
      { numRuns: 1000 },
    )
  })
})
