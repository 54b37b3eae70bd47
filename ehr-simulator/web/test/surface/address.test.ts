import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatAddress, parseAddress, type Address } from '#src/surface/address.ts'
import { pageId, parsePageId } from '#src/surface/pages.ts'

const ADDRESSES: readonly Address[] = [
  { kind: 'list' },
  { kind: 'find' },
  { kind: 'control' },
  { kind: 'unit', app: 'bliksund-live' },
  { kind: 'patient', patient: 'cdp1004', view: { kind: 'chart', page: 'oversikt' } },
  { kind: 'patient', patient: 'cdp1004', view: { kind: 'chart', page: 'apper' } },
  { kind: 'patient', patient: 'cdp1004', view: { kind: 'app', app: 'pacs-viewer' } },
]

describe('the address of a place on the work surface', () => {
  for (const address of ADDRESSES) {
    test(`${formatAddress(address)} reads back as itself`, () =>
      assert.deepEqual(parseAddress(formatAddress(address)), address))
  }

  for (const typed of [
    '',
    '#',
    '#/',
    '#/pasient',
    '#/pasient/',
    '#/pasient/../x',
    '#/pasient/BERG Solveig',
    '#/<b>/x',
    '#/tull/cdp1',
  ]) {
    test(`\`${typed}\` leads to the list`, () => assert.deepEqual(parseAddress(typed), { kind: 'list' }))
  }

  test('an unknown page of a patient is the overview', () => {
    assert.deepEqual(parseAddress('#/pasient/cdp1/tull'), {
      kind: 'patient',
      patient: 'cdp1',
      view: { kind: 'chart', page: 'oversikt' },
    })
  })

  test('a tab id names its page and back', () => {
    for (const address of ADDRESSES) {
      if (address.kind === 'patient') assert.deepEqual(parsePageId(pageId(address.view)), address.view)
    }
  })
})
