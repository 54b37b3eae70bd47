import { freePorts } from '../scripts/demo-ports.ts'
import { startWorld } from '../scripts/world.ts'

/**
 * One world for the whole run, on ports of its own; tests find it through the environment.
 *
 * With `UTHOPP_E2E_PORTS` (and `UTHOPP_E2E_LOGS`) set, a world that runs already is used and left running.
 */
async function startSharedWorld(): Promise<() => Promise<void>> {
  if (process.env['UTHOPP_E2E_PORTS'] !== undefined) return async () => undefined
  const world = await startWorld({ ports: await freePorts() })
  process.env['UTHOPP_E2E_PORTS'] = JSON.stringify(world.ports)
  process.env['UTHOPP_E2E_LOGS'] = world.logs
  return () => world.stop()
}

// oxlint-disable-next-line import/no-default-export -- Playwright takes the default export of this file
export default startSharedWorld
