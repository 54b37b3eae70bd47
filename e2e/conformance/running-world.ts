import { test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { type KeyServer, serveKeys } from './client-kinds.ts'
import { discover, type SmartConfiguration, type Target, targetOf } from './target.ts'

/** The world the tests run against, as the conformance script would see it. */
export const runningTarget = (tenant = OUS): Target => {
  const world = addresses()
  return targetOf({ tenant, fhirBase: world.fhirBase(tenant), launcher: world.launcher })
}

/** A vendor's key server and the discovered server for every test of a file. */
export function useServer(): () => { readonly keyServer: KeyServer; readonly smart: SmartConfiguration } {
  let held: { keyServer: KeyServer; smart: SmartConfiguration } | undefined
  test.beforeAll(async () => {
    held = { keyServer: await serveKeys(), smart: await discover(runningTarget()) }
  })
  test.afterAll(async () => held?.keyServer.close())
  return () => {
    if (held === undefined) throw new Error('the server is there only inside tests')
    return held
  }
}
