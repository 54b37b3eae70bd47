import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())

type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly responses: Readonly<Record<string, unknown>>
  }
}
const document = (await (await fetch(`${world.address}/openapi.json`)).json()) as Document // the tests below look at its members

describe("the host's OpenAPI document", () => {
  test('describes every route that is neither FHIR nor DICOMweb', () => {
    assert.ok(world.host.routes.length > 8)
    for (const route of world.host.routes) {
      const [method = '', path = ''] = route.split(' ')
      const described = document.paths[path.replace(/:(\w+)/g, '{$1}')]
      assert.ok(described?.[method.toLowerCase()], route)
    }
  })

  test('describes nothing that is not there', async () => {
    const known = new Set(world.host.routes.map((route) => route.replace(/:(\w+)/g, '{$1}')))
    for (const [path, item] of Object.entries(document.paths)) {
      if (path.startsWith('/health/') || path === '/metrics') continue
      for (const method of Object.keys(item).filter((name) => name !== 'parameters')) {
        assert.ok(known.has(`${method.toUpperCase()} ${path}`), `${method} ${path}`)
      }
    }
  })

  test('refers only to what it defines', () => {
    assert.equal(document.openapi, '3.1.0')
    for (const [, kind = '', name = ''] of JSON.stringify(document).matchAll(/#\/components\/(\w+)\/(\w+)/g)) {
      const section = kind === 'schemas' ? document.components.schemas : document.components.responses
      assert.ok(section[name], `${kind}/${name}`)
    }
  })
})
