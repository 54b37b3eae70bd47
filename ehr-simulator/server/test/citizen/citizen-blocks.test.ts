import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@uthopp/storage/sql'
import { readChart } from '../../../web/src/api/overview.ts'
import { readBlocks } from '../../../web/src/citizen/api.ts'
import { type Screen, startSurfaceWorld, type SurfaceWorld } from '../work-surface/surface-world.ts'

const EIDE = 'cdp1007'

let world: SurfaceWorld
let eide: Screen
before(async () => {
  world = await startSurfaceWorld()
  eide = world.home()
  await eide.signIn('eide')
})
after(() => world.close())

const blocks = async (screen = eide) => readBlocks((await screen.get('blocks')).body, 'blocks')

describe('«Sperringer»', () => {
  test('shows what is blocked by name, and what could be, without what the citizen may not see', async () => {
    const { blocks: standing, choices } = await blocks()
    assert.equal(standing.length > 0, true)
    assert.equal(
      standing.every(({ kind }) => kind === 'document'),
      true,
    )
    assert.equal(JSON.stringify({ standing, choices }).includes('Binary/'), false)
    assert.deepEqual([...new Set(choices.map(({ kind }) => kind))].toSorted(), [
      'document',
      'profession',
      'record',
      'unit',
    ])
  })

  test('closes a document for staff at once, and opens it again', async () => {
    const holm = world.screen()
    await holm.signIn('holm')
    const documents = async () =>
      readChart((await holm.get(`patients/${EIDE}`)).body, 'chart').documents.map(({ id }) => `DocumentReference/${id}`)
    const before = await documents()
    const choice = (await blocks()).choices.find(({ kind, target }) => kind === 'document' && before.includes(target))
    assert.ok(choice)
    assert.equal((await eide.post('blocks', { kind: 'document', target: choice.target })).status, 204)
    assert.deepEqual(
      await documents(),
      before.filter((id) => id !== choice.target),
    )
    const block = (await blocks()).blocks.find(({ label }) => label === choice.label)
    assert.equal((await eide.post('blocks/lift', { block: block?.id })).status, 204)
    assert.deepEqual(await documents(), before)
  })

  test('closes a document with its bytes and the record of it, or nothing at all', async () => {
    const choice = (await blocks()).choices.find(({ kind }) => kind === 'document')
    const wish = { kind: 'document', target: choice?.target }
    const { acrossTenants } = world.database
    const kept = () => acrossTenants.all(sql`select id from care_block where patient = ${EIDE} and ended_at is null`)
    const without = async (deed: () => Promise<{ readonly status: number }>) => {
      await acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
      const { status } = await deed()
      await acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
      assert.equal(status, 500)
    }
    const before = await kept()
    await without(() => eide.post('blocks', wish))
    assert.deepEqual(await kept(), before)
    assert.equal((await eide.post('blocks', wish)).status, 204)
    const closed = await kept()
    assert.equal(closed.length, before.length + 2, 'the document and its bytes')
    const block = (await blocks()).blocks.find(({ label }) => label === choice?.label)
    await without(() => eide.post('blocks/lift', { block: block?.id }))
    assert.deepEqual(await kept(), closed)
    assert.equal((await eide.post('blocks/lift', { block: block?.id })).status, 204)
    assert.deepEqual(await kept(), before)
  })

  test('takes only what it offered: nobody else’s document, no made-up kind, no stranger’s block', async () => {
    for (const [wish, code] of [
      [{ kind: 'document', target: 'DocumentReference/dok1001-1' }, 'block_not_possible'],
      [{ kind: 'employee', target: 'stf201' }, 'block_not_possible'],
      [{ kind: 'record', target: 'x' }, 'block_not_possible'],
      [{ kind: 'everything', target: '' }, 'invalid_request'],
      [{ kind: 'record', target: '', patient: 'cdp1001' }, 'invalid_request'],
    ] as const)
      assert.equal((await eide.post('blocks', wish)).body['error'], code, JSON.stringify(wish))
    const berg = world.home()
    await berg.signIn('berg')
    const [block] = (await blocks()).blocks
    assert.equal((await berg.post('blocks/lift', { block: block?.id })).body['error'], 'block_not_known')
    assert.deepEqual((await blocks(berg)).blocks, [])
  })
})
