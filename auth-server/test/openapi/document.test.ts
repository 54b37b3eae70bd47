import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Router } from '@koa/router'
import type { AppState } from '@uthopp/server-kit/http-app'
import { addRoutes } from '#src/http/routes.ts'
import { openApi } from '#src/openapi/document.ts'

type Paths = Record<
  string,
  Record<string, { responses?: unknown; parameters?: readonly { name: string; in: string }[] }>
>

describe('the OpenAPI document', () => {
  const paths = openApi(undefined)['paths'] as Paths // built by the module under test

  test('describes every route of the server, and nothing that is not there', () => {
    const router = new Router<AppState>()
    addRoutes(router, new Map())
    const served = router.stack.flatMap((layer) =>
      layer.methods
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method.toLowerCase()} ${String(layer.path).replaceAll(/:(\w+)/g, '{$1}')}`),
    )
    const described = Object.entries(paths)
      .flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
      .filter((line) => !/ \/(health|metrics)/.test(line))
    assert.deepEqual(described.toSorted(), served.toSorted())
  })

  test('gives every operation its answers, and refers to schemas it has', () => {
    const text = JSON.stringify(openApi('http://localhost:4400/993467049'))
    const document = JSON.parse(text) as { components: { schemas: Record<string, unknown> }; servers: unknown } // written by the line above
    for (const item of Object.values(paths)) for (const operation of Object.values(item)) assert.ok(operation.responses)
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
      assert.ok(document.components.schemas[name ?? ''], name)
    assert.deepEqual(document.servers, [{ url: 'http://localhost:4400/993467049' }])
  })
})
