import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@uthopp/storage/sql'
import { OUS, type Screen, startSurfaceWorld, type SurfaceWorld } from '#test/work-surface/surface-world.ts'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

const linesWritten = async (): Promise<number> => {
  const rows = await world.database.acrossTenants.all(sql`select position from audit_outbox`)
  return rows.length
}

/** What a browser says of a request, by who had it sent and what for. */
const FOREIGN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an image on an app of the same site': { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' },
  'a fetch of an app of the same site': { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'empty' },
  'an image elsewhere': { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' },
  'a script elsewhere': { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' },
  'a link on a page elsewhere': { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
  'a link in a message': { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' },
  'a frame on an app of the same site': { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' },
  'an image in a page of the host': { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' },
}

describe('looks that other pages have a browser make', () => {
  const PATHS = [
    'patients/cdp1004',
    'patients/cdp1005/access',
    'patients/cdp1007/blocked',
    'unit',
    'control',
    'session',
  ]
  const ask = async (screen: Screen, path: string, init: RequestInit): Promise<Response> =>
    fetch(`${world.address}/${path}`, {
      ...init,
      headers: { cookie: screen.cookie, ...(init.headers as Record<string, string>) }, // plain members, above
    })

  for (const [how, headers] of Object.entries(FOREIGN)) {
    test(`${how} reads nothing, and no patient’s log has a line of it`, async () => {
      const nordmann = world.screen()
      await nordmann.signIn('nordmann')
      const eide = world.home()
      await eide.signIn('eide')
      const before = await linesWritten()
      for (const method of ['GET', 'HEAD']) {
        for (const path of PATHS) {
          const answer = await ask(nordmann, `${OUS}/api/${path}`, { method, headers })
          assert.equal(answer.status, 403, `${method} ${path}`)
        }
        for (const path of ['log', 'blocks', 'session']) {
          const answer = await ask(eide, `${OUS}/innbygger/api/${path}`, { method, headers })
          assert.equal(answer.status, 403, `${method} ${path}`)
        }
      }
      assert.equal(await linesWritten(), before)
    })
  }

  test('a page of the host is answered, and its look is written down', async () => {
    const nordmann = world.screen()
    await nordmann.signIn('nordmann')
    const before = await linesWritten()
    const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }
    const answer = await ask(nordmann, `${OUS}/api/patients/cdp1004`, { headers })
    assert.equal(answer.status, 200)
    assert.equal(await linesWritten(), before + 1)
  })
})
