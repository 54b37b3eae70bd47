import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkNarrative } from '#src/fhir/xhtml.ts'

const XMLNS = 'xmlns="http://www.w3.org/1999/xhtml"'
const div = (inside: string): string => `<div ${XMLNS}>${inside}</div>`

describe('a narrative', () => {
  for (const inside of [
    '',
    'BT 120/80 &lt; 140 &#230;&nbsp;&amp; more',
    '<p>one<br/>two <b>bold</b><hr /></p>\n<ul>\n <li>x</li></ul>',
    '<table class="grid" border="1"><tbody><tr><td colspan="2" style="text-align: left; color: rgb(1, 2, 3)">x</td></tr></tbody></table>',
    '<a href="https://example.org/?a=b&amp;c=d">x</a><a name="here" href="#here">y</a><a href="Patient/1">z</a>',
    '<a href="mailto:x@example.org">x</a>',
    '<img src="#chart" alt="a > b"/><img alt="" src="data:image/png;base64,iVBORw0KGgo="/>',
    '<span title=\'single\' xml:lang="nb">x</span>',
  ])
    test(`of plain formatting is one: ${inside.slice(0, 60)}`, () => {
      assert.equal(checkNarrative(div(inside)), undefined)
    })

  test('may have space around it, and no namespace of its own', () => {
    assert.equal(checkNarrative(` <div>x</div>\n`), undefined)
  })

  for (const inside of [
    '<script>alert(1)</script>',
    '<SCRIPT>alert(1)</SCRIPT>',
    '<b onclick="alert(1)">x</b>',
    '<b OnClick="alert(1)">x</b>',
    '<b/onclick=alert(1)>x</b>',
    '<img src="x" onerror="alert(1)"/>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JavaScript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href="&#106;avascript&#58;alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="#a" href="javascript:alert(1)">x</a>',
    '<q cite="javascript:alert(1)">x</q>',
    '<img src="https://evil.example/pixel.png"/>',
    '<img src="//evil.example/pixel.png"/>',
    '<img src="data:image/svg+xml;base64,PHN2Zz4="/>',
    '<p style="background: url(https://evil.example/x)">x</p>',
    String.raw`<p style="background: u\72l(https://evil.example/x)">x</p>`,
    '<p style="background: u/**/rl(x)">x</p>',
    '<p style="background: &#117;rl(x)">x</p>',
    '<p style="width: expression(alert(1))">x</p>',
    '<p style="position: fixed; top: 0">x</p>',
    '<style>p{}</style>',
    '<svg><a>x</a></svg>',
    '<math><mi>x</mi></math>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="x"></object>',
    '<form action="x"><input/></form>',
    '<link rel="stylesheet" href="x"/>',
    '<base href="https://evil.example/"/>',
    '<meta http-equiv="refresh" content="0"/>',
    '<template><b>x</b></template>',
    '<noscript><b>x</b></noscript>',
    '<!-- x -->',
    '<![CDATA[<script>]]>',
    '<?xml-stylesheet href="x"?>',
    '<div xmlns="http://www.w3.org/2000/svg">x</div>',
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">x</x:script>',
    '<b>x',
    'x</b>',
    '<b><i>x</b></i>',
    'a < b',
    'a & b',
    '&unended',
    '<b',
    '</div><div>',
    '<b a="1" a="2">x</b>',
  ])
    test(`of anything else is none: ${inside.slice(0, 60)}`, () => {
      assert.notEqual(checkNarrative(div(inside)), undefined)
    })

  for (const whole of [
    '',
    'x',
    '<p>x</p>',
    '<div>x</div><script>alert(1)</script>',
    '<div>x</div>x',
    '<!DOCTYPE div [<!ENTITY x "y">]><div>&x;</div>',
    'x<div>y</div>',
  ])
    test(`is one div and nothing beside it: ${whole}`, () => {
      assert.notEqual(checkNarrative(whole), undefined)
    })

  test('of any length is read in the time of its length', () => {
    const started = process.threadCpuUsage()
    for (const hostile of [
      `<div ${' '.repeat(500_000)}`,
      `<div${' a="b"'.repeat(100_000)}`,
      `<div>${'<b>'.repeat(200_000)}`,
      `<div>${'&'.repeat(500_000)}</div>`,
      `<div style="${'('.repeat(500_000)}\\"/>`,
      `<div title="${'&#'.repeat(300_000)}"/>`,
    ])
      assert.notEqual(checkNarrative(hostile), undefined)
    assert.equal(checkNarrative(`<div>${'x&amp;'.repeat(200_000)}</div>`), undefined)
    const { user, system } = process.threadCpuUsage(started)
    assert.ok((user + system) / 1000 < 4000)
  })
})
