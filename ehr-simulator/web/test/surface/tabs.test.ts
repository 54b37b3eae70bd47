import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keepTabs, readKeptTabs } from '#src/surface/kept-tabs.ts'
import { endedTabs, neighbourOf, reduceTabs, type PatientTab } from '#src/surface/tabs.ts'

const BERG: PatientTab = { patient: 'cdp1001', workspace: 'w-1' }
const EIDE: PatientTab = { patient: 'cdp1007', workspace: 'w-2' }

describe('open patients', () => {
  test('a patient has one tab, however often opened', () => {
    const open = { kind: 'open', patient: 'cdp1001', workspace: 'w-9' } as const
    assert.deepEqual(reduceTabs([BERG], open), [BERG])
  })

  test('switching patient gives the tab a new workspace and ends the old one', () => {
    const after = reduceTabs([BERG, EIDE], { kind: 'switch', from: 'cdp1001', to: 'cdp1008', workspace: 'w-3' })
    assert.deepEqual(after, [{ patient: 'cdp1008', workspace: 'w-3' }, EIDE])
    assert.deepEqual(endedTabs([BERG, EIDE], after), [BERG])
  })

  test('switching to a patient who is open elsewhere leaves that tab and its apps alone', () => {
    const after = reduceTabs([BERG, EIDE], { kind: 'switch', from: 'cdp1001', to: 'cdp1007', workspace: 'w-3' })
    assert.deepEqual(after, [EIDE])
    assert.deepEqual(endedTabs([BERG, EIDE], after), [BERG])
  })

  test('closing one patient ends nothing of the other', () => {
    const after = reduceTabs([BERG, EIDE], { kind: 'close', patient: 'cdp1007' })
    assert.deepEqual(endedTabs([BERG, EIDE], after), [EIDE])
  })

  test('after closing, the neighbour comes forward', () => {
    assert.equal(neighbourOf([BERG, EIDE], 'cdp1001'), 'cdp1007')
    assert.equal(neighbourOf([BERG, EIDE], 'cdp1007'), 'cdp1001')
    assert.equal(neighbourOf([BERG], 'cdp1001'), undefined)
  })
})

describe('tabs kept across a reload', () => {
  const shelf = (kept?: string) => {
    const values = new Map(kept === undefined ? [] : [['uthopp.tabs', kept]])
    return {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    }
  }

  test('come back for the same person in the same role', () => {
    const kept = shelf()
    keepTabs(kept, 'stf101', 'agb101', [BERG])
    assert.deepEqual(readKeptTabs(kept, 'stf101', 'agb101'), [BERG])
  })

  test('do not come back for anybody else', () => {
    const kept = shelf()
    keepTabs(kept, 'stf101', 'agb101', [BERG])
    assert.deepEqual(readKeptTabs(kept, 'stf102', 'agb101'), [])
    assert.deepEqual(readKeptTabs(kept, 'stf101', 'agb112'), [])
  })

  for (const bytes of [
    '',
    '{',
    'null',
    '{"person":"stf101","role":"agb101","tabs":[{"patient":1}]}',
    '{"person":"stf101"}',
  ]) {
    test(`\`${bytes}\` is no tabs`, () => assert.deepEqual(readKeptTabs(shelf(bytes), 'stf101', 'agb101'), []))
  }

  test('storage that refuses costs only the memory', () => {
    const refuse = () => {
      throw new Error('blocked')
    }
    const blocked = { getItem: refuse, setItem: refuse, removeItem: refuse }
    keepTabs(blocked, 'stf101', 'agb101', [BERG])
    assert.deepEqual(readKeptTabs(blocked, 'stf101', 'agb101'), [])
  })
})
