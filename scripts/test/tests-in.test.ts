import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { maskSource } from '../mask-source.ts'
import { testsIn } from '../tests-in.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** Whether the test `x` of this text counts; undefined where the text has none. */
function counts(source: string): boolean | undefined {
  const named = testsIn(source).filter(({ title }) => title === 'x')
  return named.length === 0 ? undefined : named.some(({ idle }) => idle === undefined)
}

describe('the tests that stand in a file', () => {
  test('count when they run', () => {
    for (const source of [
      "test('x', () => {})",
      "test('x', async (t) => { await t.test('y', () => {}) })",
      "describe('all', () => { test('x', { timeout: 5 }, () => {}) })",
      "it(\n  'x',\n  () => {},\n)",
      "test('x', body)",
      "for (const one of all) test('x', () => { use(one, '{', /[)/]}/, `${'`'} }`) })",
      "test('x', () => { const skip = 1; assert.fail(`${skip}`) })",
      "test.describe('all', () => { test('x', async ({ page }) => { await page.goto('/') }) })",
      "test.skip('other', () => {})\ntest('x', () => {})",
      "describe.skip('others', () => { test('y', () => {}) })\ndescribe('all', () => { test('x', () => {}) })",
      "test('other', (t) => { t.skip('not here') })\ntest('x', () => {})",
      "test('x', () => {}) // not test.skip('x')",
    ])
      assert.equal(counts(source), true, source)
  })

  test('are none in a comment or in a text', () => {
    for (const source of [
      "// test('x', () => {})",
      "  // later: test('x', () => {})",
      "/* test('x', () => {}) */",
      "/**\n * test('x', () => {})\n */",
      "const old = `test('x', () => {})`",
      'const old = "test(\'x\', () => {})"',
      "other.test('x')",
      "latest('x', () => {})",
    ])
      assert.equal(counts(source), undefined, source)
  })

  test('do not count when they are left out, by any of the ways of either runner', () => {
    for (const source of [
      "test.skip('x', () => {})",
      "test.todo('x')",
      "test.fixme('x', () => {})",
      "test.fail('x', () => {})",
      "test('x')",
      "test('x', { skip: true }, () => {})",
      "test('x', { skip: 'not now' }, () => {})",
      "test('x', { skip }, () => {})",
      "test('x', { skip: hasIt ? false : 'not here' }, () => {})",
      "test('x', { timeout: 5, todo: true }, () => {})",
      "test('x', { expectFailure: true }, () => {})",
      "test('x', { 'skip': true }, () => {})",
      "test('x', { ['skip']: true }, () => {})",
      "test('x', { ...given }, () => {})",
      "test('x', given, () => {})",
      "test('x', (t) => { t.skip() })",
      "test('x', (t) => { if (!ready) return t.todo('later') })",
      "test('x', ({ skip }) => skip())",
      "test('x', async () => { test.skip(isSlow, 'slow') })",
      "test('x', async () => { test.fail() })",
      "describe.skip('all', () => { test('x', () => {}) })",
      "describe.todo('all', () => { test('x', () => {}) })",
      "describe('all', { skip: true }, () => { describe('some', () => { test('x', () => {}) }) })",
      "suite.skip('all', () => { test('x', () => {}) })",
      "test.describe.skip('all', () => { test('x', () => {}) })",
      "test.describe.fixme('all', () => { test('x', () => {}) })",
      "test.skip('around', async (t) => { await t.test('x', () => {}); test('x', () => {}) })",
      "describe('all', () => { beforeEach((t) => t.skip()); test('x', () => {}) })",
      "test.skip(({ browserName }) => browserName !== 'chromium')\ntest('x', () => {})",
      "describe('all', () => { test.fixme(true, 'broken')\n test('x', () => {}) })",
    ])
      assert.equal(counts(source), false, source)
  })

  test('count where the title stands twice and one of them runs', () => {
    assert.equal(counts("test.skip('x', () => {})\ntest('x', () => {})"), true)
  })

  test('are seen as the runners see them, in every file of tests that there is', () => {
    const files = globSync('**/*.{test,contract}.ts', {
      cwd: ROOT,
      exclude: (name) => ['node_modules', 'dist', '.data'].some((part) => name.split('/').includes(part)),
    })
    assert.ok(files.length > 100)
    for (const file of files) {
      const masked = maskSource(readFileSync(join(ROOT, file), 'utf8'))
      let open = 0
      for (const char of masked) open += '([{'.includes(char) ? 1 : ')]}'.includes(char) ? -1 : 0
      assert.equal(open, 0, `${file}: what is no code was not told from code`)
    }
  })
})
