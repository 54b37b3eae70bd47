import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errorPage } from '#src/pages/error-page.ts'
import { html, scriptData } from '#src/pages/html.ts'
import { languageOf } from '#src/pages/language.ts'

describe('pages', () => {
  test('are Norwegian unless English is asked for first', () => {
    for (const accept of ['', 'nb-NO', 'no', 'nn,en', 'de', 'en;q=0.5,nb;q=0.9', 'sv,da', '*', 'en;q=0'])
      assert.equal(languageOf(accept), 'nb', accept)
    for (const accept of ['en', 'en-US,en;q=0.9,nb;q=0.8', 'de,en;q=0.5', 'EN'])
      assert.equal(languageOf(accept), 'en', accept)
  })

  test('escape every value, in markup and in scripts', () => {
    assert.equal(
      html`<p title="${'"><script>'}">${"<b>&'"}</p>`.text,
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>',
    )
    assert.equal(html`${html`<i>x</i>`}`.text, '<i>x</i>')
    assert.doesNotMatch(scriptData('</script><!--').text, /[<>]/)
    assert.equal(JSON.parse(scriptData('</script>\u2028').text), '</script>\u2028')
  })

  test('allow their own nonce and the host’s frames, and nothing else', () => {
    const page = errorPage({
      code: 'server_error',
      acceptLanguage: 'en',
      correlationId: 'abc',
      frameAncestors: ['https://ehr.test'],
    })
    assert.match(
      page.csp,
      /^default-src 'none'; style-src 'nonce-[\w-]{43}'; base-uri 'none'; form-action 'none'; frame-ancestors https:\/\/ehr\.test$/,
    )
    assert.match(page.body, /abc/)
    assert.match(
      errorPage({ code: 'x', acceptLanguage: '', correlationId: 'abc', frameAncestors: [] }).csp,
      /frame-ancestors 'none'$/,
    )
  })
})
