import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkBoundaries, importsOf } from '../boundaries.ts'
import { forbidden } from '../import-rules.ts'

const edge = (file: string, from: string, resolved?: string) => forbidden({ file, line: 1, text: '', from }, resolved)

describe('import boundaries', () => {
  test('the repository crosses no forbidden edge', () => {
    assert.deepEqual(checkBoundaries(), [])
  })

  test('each kind of forbidden edge is found', () => {
    assert.ok(edge('packages/smart-core/src/a.ts', 'node:fs'))
    assert.ok(edge('packages/smart-core/src/a.ts', 'jose'))
    assert.ok(edge('packages/fhir-gateway/src/a.ts', '@uthopp/auth-server/x'))
    assert.ok(edge('packages/fhir-gateway/src/a.ts', '../../../auth-server/src/main.ts', 'auth-server/src/main.ts'))
    assert.ok(edge('auth-server/src/launch/a.ts', 'oidc-provider'))
    assert.ok(edge('auth-server/src/provider/a.ts', '@uthopp/storage/sql'))
    assert.ok(edge('auth-server/src/provider/a.ts', '../interaction/page.ts', 'auth-server/src/interaction/page.ts'))
    assert.ok(edge('auth-server/src/provider/a.ts', '#src/interaction/page.ts'))
    assert.ok(edge('sample-apps/nutrition/src/a.ts', '@uthopp/smart-core/problem'))
    assert.ok(edge('sample-apps/nutrition/src/a.ts', '../../mypath/src/b.ts', 'sample-apps/mypath/src/b.ts'))
    assert.ok(edge('launcher/web/src/a.ts', '@uthopp/server-kit/log'))
    assert.ok(edge('e2e/journeys/a.ts', '@uthopp/storage/sql'))
  })

  test('the edges the design allows stand', () => {
    assert.equal(edge('auth-server/src/provider/a.ts', 'oidc-provider'), undefined)
    assert.equal(edge('auth-server/src/storage/a.ts', '@uthopp/storage/sql'), undefined)
    assert.equal(edge('ehr-simulator/server/src/a.ts', '@uthopp/server-kit/log'), undefined)
    assert.equal(edge('sample-apps/nutrition/src/a.ts', './b.ts', 'sample-apps/nutrition/src/b.ts'), undefined)
  })

  test('imports of every spelling are read', () => {
    const source = "import a from 'a'\nimport 'b'\nconst c = await import('c')\nexport { d } from 'd'\n// from 'e'\n"
    assert.deepEqual(
      importsOf('x.ts', source).map(({ from }) => from),
      ['a', 'b', 'c', 'd'],
    )
  })
})
