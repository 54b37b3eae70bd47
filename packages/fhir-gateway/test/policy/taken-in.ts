import type { FactsStub } from '../facts-stub.ts'
import { until, type World } from '../world.ts'

/**
 * Waits until the gateway has taken in every change that was told of before.
 *
 * It is seen at a stranger: lines are read in their order, so once the gateway asks again about one whose facts it had kept,
 * what was said before the stranger's own change counts too.
 */
export async function takenIn(world: World, facts: FactsStub): Promise<void> {
  const stranger = `stranger-${crypto.randomUUID()}`
  const token = await world.token({ sub: stranger, patient: stranger, grant_id: stranger })
  const ask = async () => {
    const before = facts.strangersAsked
    const { status } = await world.fhir('Observation', token)
    return { status, asked: facts.strangersAsked > before }
  }
  await until(async () => {
    const { status, asked } = await ask()
    return status === 403 && !asked
  })
  facts.change('user', stranger)
  await until(async () => (await ask()).asked)
}
