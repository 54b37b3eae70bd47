import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { createVisitUnits } from '#src/policy/visit-units.ts'

const ORGNR = '993467049'
const BASES = ['http://store.example/fhir']
const IDS = ['v1', 'v2', 'v3', 'v4', 'v5']

const visit = (id: string) => ({
  resource: { resourceType: 'Encounter', id, serviceProvider: { reference: `Organization/unit-of-${id}` } },
})

/** A server that makes its pages no longer than this, whatever is asked for, and knows all visits but the last. */
function serverWith(longestPage: number) {
  const asked: string[] = []
  const upstream: UpstreamFhir = async ({ url }) => {
    asked.push(url)
    const ids = (/_id=(?<ids>[^&]*)/.exec(url)?.groups?.['ids'] ?? '').split(',').filter((id) => id !== 'v5')
    const next = ids.length > longestPage ? [{ relation: 'next', url: 'http://store.example/fhir?page=2' }] : []
    const json = {
      resourceType: 'Bundle',
      type: 'searchset',
      link: next,
      entry: ids.slice(0, longestPage).map(visit),
    }
    return { status: 200, header: () => undefined, text: undefined, json }
  }
  return { upstream, asked }
}

describe('the units of visits', () => {
  const look = (upstream: UpstreamFhir) => createVisitUnits({ now: () => new Date(0) })(ORGNR, upstream, BASES, IDS)

  test('are all found, however short the pages of the server are', async () => {
    for (const longestPage of [50, 2, 1]) {
      const found = await look(serverWith(longestPage).upstream)
      assert.deepEqual(
        IDS.map((id) => found.get(id)),
        [['unit-of-v1'], ['unit-of-v2'], ['unit-of-v3'], ['unit-of-v4'], []],
        `pages of ${longestPage}`,
      )
    }
  })

  test('are not guessed where a server goes on and shows none', async () => {
    await assert.rejects(look(serverWith(0).upstream))
  })

  test('are asked for once where a page holds them all', async () => {
    const { upstream, asked } = serverWith(50)
    await look(upstream)
    assert.equal(asked.length, 1)
  })
})
