import { after, before, beforeEach } from 'node:test'
import { type Answer, furnish, startWorld, type World } from './world.ts'

export const FHIR = 'application/fhir+json'

export const ofPatient = (id: string) => ({ reference: `Patient/${id}` })

export const observation = (patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: ofPatient(patient),
  ...more,
})

/** A furnished world for one suite, an app that may write observations in it, and what reached the server behind. */
export function writingWorld() {
  const held: { world?: World; writer: string } = { writer: '' }
  const world = (): World => {
    if (held.world === undefined) throw new Error('the world starts before the first test')
    return held.world
  }
  before(async () => {
    held.world = await startWorld()
    furnish(held.world.upstream)
    held.writer = await held.world.token({ scope: 'patient/Observation.cruds patient/Patient.r' })
  })
  after(() => world().close())
  beforeEach(() => {
    world().upstream.misbehave = undefined
    world().upstream.requests.length = 0
  })
  return {
    world,
    writer: () => held.writer,
    send: (
      method: string,
      path: string,
      body: unknown,
      token = held.writer,
      headers: Record<string, string> = {},
    ): Promise<Answer> =>
      world().fhir(path, token, {
        method,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { 'content-type': FHIR, ...headers },
      }),
    writes: () => world().upstream.requests.filter(({ method }) => method !== 'GET'),
  }
}
