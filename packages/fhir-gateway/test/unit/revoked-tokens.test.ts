import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createRevokedTokens, type TokenIdentity } from '#src/revocations/revoked-tokens.ts'

const at = (seconds: number): Date => new Date(1_900_000_000_000 + seconds * 1000)
const aToken = (changes: Partial<TokenIdentity> = {}): TokenIdentity => ({
  tokenId: 'jti-1',
  clientId: 'app',
  subject: 'stf101',
  grantId: 'g1',
  issuedAt: at(0),
  ...changes,
})

describe('the memory of revoked tokens', () => {
  test('forgets a revocation only when every token it could be about has expired', () => {
    let ticks = 0
    const revoked = createRevokedTokens({ limit: 10, ticks: () => ticks })
    revoked.add({ kind: 'grant', id: 'g1', at: at(0) })
    ticks = 600_000 + 5000
    revoked.add({ kind: 'grant', id: 'g2', at: at(305) })
    assert.ok(revoked.covers(aToken()))
    ticks = 900_001
    revoked.add({ kind: 'grant', id: 'g3', at: at(600) })
    assert.ok(!revoked.covers(aToken()))
    assert.ok(revoked.covers(aToken({ grantId: 'g2' })))
  })

  test('is bounded: one too many kills every token as old as the one that made room, and none that is newer', () => {
    const revoked = createRevokedTokens({ limit: 100, ticks: () => 0 })
    for (let index = 0; index < 100; index += 1) revoked.add({ kind: 'grant', id: `g${index}`, at: at(index * 10) })
    const bystander = aToken({ grantId: 'other', issuedAt: at(-100) })
    assert.ok(!revoked.covers(bystander))
    revoked.add({ kind: 'grant', id: 'g100', at: at(1000) })
    assert.ok(revoked.covers(bystander))
    assert.ok(revoked.covers(aToken({ grantId: 'g0' })), 'the one that made room')
    assert.ok(revoked.covers(aToken({ grantId: 'g1', issuedAt: at(2000) })))
    assert.ok(!revoked.covers(aToken({ grantId: 'other', issuedAt: at(61) })))
  })

  test('of two revocations of one client the later counts', () => {
    const revoked = createRevokedTokens({ limit: 10, ticks: () => 0 })
    revoked.add({ kind: 'client', id: 'app', at: at(0) })
    revoked.add({ kind: 'client', id: 'app', at: at(60) })
    assert.ok(revoked.covers(aToken({ issuedAt: at(59) })))
    assert.ok(!revoked.covers(aToken({ issuedAt: at(61) })))
    assert.ok(!revoked.covers(aToken({ clientId: 'stf101', subject: 'app' })), 'a client is no user')
  })
})
