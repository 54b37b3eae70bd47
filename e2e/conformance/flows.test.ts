import { expect, test } from '@playwright/test'
import { runBackendService } from './backend-service.ts'
import { CLIENT_KINDS, isOffered } from './client-kinds.ts'
import { runFlow } from './flow.ts'
import type { LaunchKind } from './launches.ts'
import { runningTarget, useServer } from './running-world.ts'
import { type Outcomes, STEPS, type StepName } from './steps.ts'

const server = useServer()
const target = runningTarget()

const all = (steps: readonly StepName[]): Outcomes => new Map(steps.map((step) => [step, 'ok']))

/** Every kind there is: one that discovery no longer promises is missed here. */
async function runEveryKind(launch: LaunchKind): Promise<void> {
  const { smart, keyServer } = server()
  const offered = CLIENT_KINDS.filter((kind) => isOffered(kind, smart))
  expect(offered.length).toBe(CLIENT_KINDS.length)
  for (const kind of offered)
    await test.step(kind.name, async () => {
      expect(await runFlow({ target, smart, kind, launch, keyServer })).toEqual(all(STEPS))
    })
}

test('a client of each kind goes from registration over an EHR launch, its tokens and three refreshes to revocation', async () => {
  await runEveryKind('ehr')
})

test('a client of each kind does the same from a standalone launch, signing in and picking a patient in plain forms', async () => {
  expect(server().smart.capabilities).toContain('launch-standalone')
  await runEveryKind('standalone')
})

test('a backend service of each algorithm is registered, gets its token, searches, and gives the token up', async () => {
  const { smart, keyServer } = server()
  expect(smart.grant_types_supported).toContain('client_credentials')
  for (const [algorithm, opaque] of [
    ['RS384', false],
    ['ES384', false],
    ['RS384', true],
  ] as const)
    expect(await runBackendService({ target, smart, algorithm, keyServer, opaque })).toEqual(
      all(['register', 'token', 'FHIR read', 'introspection', 'revocation', 'refused afterwards']),
    )
})
