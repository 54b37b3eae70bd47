import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { AuditRecord } from '@uthopp/audit/record'
import { gatewayToken, introspectWith, launchApp, registerApp } from '#test/support/apps.ts'
import { postForm, startWorld, type World } from '#test/support/world.ts'
import { logged } from './support.ts'

const made = (): string => randomBytes(32).toString('base64url')
const isRefused = ({ outcome }: AuditRecord): boolean => outcome === 'refused'
const counted = ({ detail }: AuditRecord): number =>
  detail['event'] === 'attempts-counted' ? Number(detail['count']) : 0

/** The log is chained and kept for years: nobody may fill it who has shown nothing. */
describe('what strangers do to the access log', () => {
  let world: World
  before(async () => {
    world = await startWorld({ limits: { toldAttemptsPerMinuteOfAddress: 5, failuresPerMinute: 10_000 } })
  })
  after(() => world.close())

  const settled = async (): Promise<readonly AuditRecord[]> => {
    // What is told after all of it travels behind all of it.
    const before = Date.now()
    await registerApp(world)
    return logged(world, (all) => all.some(({ activity, at }) => activity === 'registration-changed' && +at >= before))
  }

  test('a look-up by the gateway leaves nothing, made-up tokens included', async () => {
    const gateway = await gatewayToken(world, '__introspect')
    const { tokens } = await launchApp(world, await registerApp(world, { access_token_format: 'opaque' }))
    assert.equal((await introspectWith(world, gateway, tokens['access_token'])).body['active'], true)
    for (let time = 0; time < 20; time += 1) await introspectWith(world, gateway, made())
    const records = await settled()
    assert.deepEqual(
      records.filter(({ activity }) => activity === 'token-introspected'),
      [],
    )
  })

  test('a few attempts stand there one by one, the rest as a number once the minute is over', async () => {
    const tries: readonly (() => Promise<Response>)[] = [
      () =>
        postForm(`${world.issuer()}/token`, { grant_type: 'authorization_code', code: made(), client_id: 'nutrition' }),
      () => postForm(`${world.issuer()}/introspect`, { token: made() }),
      () => postForm(`${world.issuer()}/introspect`, { token: made() }, { authorization: `Bearer ${made()}` }),
      () => postForm(`${world.issuer()}/revoke`, { token: made(), client_id: 'pacs-viewer' }),
      () => postForm(`${world.issuer()}/launches`, {}),
      () => fetch(`${world.issuer()}/audit/patient/cdp1001`),
      () => postForm(`${world.issuer()}/pdp/access/v1/evaluation`, {}),
    ]
    for (let time = 0; time < 42; time += 1) await (await tries[time % tries.length]?.())?.arrayBuffer()
    const before = await settled()
    assert.equal(before.filter(isRefused).length, 5)
    assert.equal(before.filter(({ activity }) => activity === 'token-revoked').length <= 1, true, 'nothing was revoked')
    world.clock.aheadMs += 61_000
    await tries[0]?.()
    const records = await logged(world, (all) => all.some((record) => counted(record) > 0))
    assert.equal(records.filter(isRefused).length, 7, 'the number, and the first of the next minute')
    assert.equal(
      records.reduce((sum, record) => sum + counted(record), 0),
      37,
    )
  })
})

describe('introspection in the access log', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('names who asked and which token of whom, by itself and by a service; and tells when nothing was answered', async () => {
    const clientId = await registerApp(world, { access_token_format: 'opaque' })
    const { tokens } = await launchApp(world, clientId)
    const own = await introspectWith(world, tokens['access_token'])
    const other = await launchApp(world, clientId)
    assert.equal(
      (await introspectWith(world, other.tokens['access_token'], tokens['access_token'])).body['active'],
      false,
    )
    const records = await logged(
      world,
      (all) => all.filter(({ activity }) => activity === 'token-introspected').length > 1,
    )
    const told = records.filter(({ activity }) => activity === 'token-introspected')
    assert.deepEqual(
      told.map(({ outcome, actor, clientId: by, grantId, detail }) => [
        outcome,
        actor.id,
        by,
        grantId,
        detail['tokenId'],
      ]),
      [
        ['ok', clientId, clientId, own.body['grant_id'], own.body['jti']],
        ['refused', clientId, clientId, null, undefined],
      ],
    )
    assert.equal(told[0]?.detail['tokenOf'], clientId)
  })

  test('has a revocation by the name of the token that ended', async () => {
    const clientId = await registerApp(world, { access_token_format: 'opaque' })
    const { tokens } = await launchApp(world, clientId)
    const { body } = await introspectWith(world, tokens['access_token'])
    await postForm(`${world.issuer()}/revoke`, { token: String(tokens['access_token']), client_id: clientId })
    const records = await logged(world, (all) => all.some(({ activity }) => activity === 'token-revoked'))
    const told = records.find(({ activity }) => activity === 'token-revoked')
    assert.deepEqual(
      [told?.outcome, told?.clientId, told?.grantId, told?.detail['tokenId']],
      ['ok', clientId, body['grant_id'], body['jti']],
    )
  })
})
