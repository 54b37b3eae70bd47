import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newTrace } from '@uthopp/server-kit/trace'
import { createGrantFacts } from '#src/token/grant-facts.ts'
import type { VerifiedToken } from '#src/token/read-claims.ts'
import { GRANT } from '../token-claims.ts'
import { aTrust } from './a-trust.ts'

const trust = aTrust('993467049')
const identity = (clientId: string, grantId: string | undefined) =>
  ({ grant: undefined, identity: { tokenId: 't', clientId, grantId } }) as unknown as VerifiedToken // what is read of a token here

test('what changes for a client is asked again for every grant it holds, and for nobody else’s', async () => {
  const asked: string[] = []
  const facts = createGrantFacts({
    introspect: (_trace, _trust, token) => {
      asked.push(token)
      return Promise.resolve({ active: true, grant: GRANT })
    },
    now: () => new Date(0),
  })
  const holders = [
    ['one', identity('app', 'g1')],
    ['two', identity('app', 'g2')],
    ['three', identity('other', 'g3')],
    ['robot', identity('app', undefined)],
  ] as const
  const readAll = async () => {
    asked.length = 0
    for (const [token, verified] of holders) assert.ok(await facts.read(newTrace(), trust, token, verified))
    return [...asked]
  }
  assert.deepEqual(await readAll(), ['one', 'two', 'three', 'robot'])
  assert.deepEqual(await readAll(), [])
  facts.drop(aTrust('983971636'), { kind: 'client', id: 'app', at: new Date(0) })
  assert.deepEqual(await readAll(), [])
  facts.drop(trust, { kind: 'client', id: 'app', at: new Date(0) })
  assert.deepEqual(await readAll(), ['one', 'two', 'robot'])
  facts.drop(trust, { kind: 'grant', id: 'g2', at: new Date(0) })
  assert.deepEqual(await readAll(), ['two'])
})
