import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { smartStyleUrl } from '#src/style/smart-style.ts'
import { OUS, startSurfaceWorld, type SurfaceWorld } from '#test/work-surface/surface-world.ts'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

describe('the host’s style for apps', () => {
  test('is readable from every origin and never changes under its name', async () => {
    const response = await fetch(smartStyleUrl(world.address, OUS), { headers: { origin: 'http://app.example' } })
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
    const body = await response.text()
    assert.equal(response.url.endsWith(`/${hash('sha256', body, 'hex').slice(0, 16)}.json`), true)
  })

  test('says what SMART App Launch 2.2.0, "Styling", knows, in values CSS takes', async () => {
    const style: unknown = await (await fetch(smartStyleUrl(world.address, OUS))).json()
    const members = Object.entries(style as Record<string, string>) // the file above is an object of texts
    assert.equal(members.length, 11)
    for (const [name, value] of members) {
      if (name.startsWith('color_')) assert.match(value, /^#[0-9a-f]{6}$/, name)
      if (name.startsWith('dim_')) assert.match(value, /^\d+px$/, name)
    }
  })

  test('has no other names', async () => {
    assert.equal((await fetch(`${world.address}/${OUS}/style/0000000000000000.json`)).status, 404)
  })
})
